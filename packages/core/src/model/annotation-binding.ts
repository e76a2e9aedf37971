// Which blanked annotation belongs to which declaration: by position between the neighbours a declaration has.

import type { Annotation } from './facts.js';

/** Conventions and decorations in order of position, with a look-up by offset range. */
export class AnnotationIndex {
  private readonly starts: number[];

  constructor(private readonly all: readonly Annotation[]) {
    this.starts = all.map((a) => a.start);
  }

  /** Annotations that begin in [start, end). */
  within(start: number, end: number): Annotation[] {
    const found: Annotation[] = [];
    for (let i = this.lowerBound(start); i < this.all.length && this.all[i].start < end; i++) found.push(this.all[i]);
    return found;
  }

  any(start: number, end: number): boolean {
    const i = this.lowerBound(start);
    return i < this.all.length && this.all[i].start < end;
  }

  private lowerBound(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.starts[mid] < offset) low = mid + 1;
      else high = mid;
    }
    return low;
  }
}

/** The calling convention among annotations, as written; the last one wins. */
export function callconvOf(annotations: readonly Annotation[]): string | undefined {
  for (let i = annotations.length - 1; i >= 0; i--) if (annotations[i].kind === 'callconv') return annotations[i].name;
  return undefined;
}
