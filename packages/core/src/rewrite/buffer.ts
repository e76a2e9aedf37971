// The text under rewriting: units that are overwritten in place, so that every offset stays what it was.

import { textOfUnits, type Units } from '../source/units.js';

const SPACE = 32;

export class RewriteBuffer {
  readonly units: Uint16Array;
  private ascii: boolean;

  /** `length` units of `original` are text. */
  constructor(original: Units, private readonly length: number) {
    this.units = original.units.slice();
    this.ascii = original.ascii;
  }

  /** Blanks [start, end); line ends stay. */
  blank(start: number, end: number): void {
    const { units } = this;
    for (let i = start; i < end; i++) if (units[i] !== 10 && units[i] !== 13) units[i] = SPACE;
  }

  /** Writes `text` at `start`; the caller has made sure that it fits. */
  write(start: number, text: string): void {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      this.units[start + i] = unit;
      if (unit > 127) this.ascii = false;
    }
  }

  /** Blanks [start, end) and writes `text` at its beginning when it fits there without crossing a line end. */
  replace(start: number, end: number, text: string): boolean {
    if (text.length > end - start) return false;
    for (let i = 0; i < text.length; i++) if (this.isLineEnd(start + i)) return false;
    this.blank(start, end);
    this.write(start, text);
    return true;
  }

  isBlank(at: number): boolean {
    const c = this.units[at];
    return at < this.length && (c === SPACE || c === 9);
  }

  /** The text of [start, end) as it is now, trimmed. */
  word(start: number, end: number): string {
    return String.fromCharCode(...this.units.subarray(start, end)).trim();
  }

  private isLineEnd(at: number): boolean {
    return this.units[at] === 10 || this.units[at] === 13;
  }

  text(): string {
    return textOfUnits({ units: this.units, ascii: this.ascii }, this.length);
  }
}
