// Applying fixes to a text: whole fixes or nothing of them, never two that touch each other. What did not fit is left for the
// next pass, after the analysis has run again.

export interface TextEdit { start: number; end: number; text: string }

export interface AppliedFixes {
  text: string;
  /** Indexes of the fixes that went in (a fix equal to one that went in counts as in). */
  applied: number[];
  /** Indexes of the fixes that collide with one that went in. */
  deferred: number[];
}

/** `fixes[i]` are the edits of one fix in this text. Order of the input decides which of two colliding fixes goes first. */
export function applyFixes(text: string, fixes: readonly (readonly TextEdit[])[]): AppliedFixes {
  const accepted: TextEdit[] = [];
  const applied: number[] = [];
  const deferred: number[] = [];
  fixes.forEach((fix, index) => {
    const fresh = fix.filter((edit) => !accepted.some((a) => sameEdit(a, edit)));
    if (fix.some((e) => e.start < 0 || e.end > text.length || e.start > e.end) || fresh.some((edit) => accepted.some((a) => touch(a, edit)))) {
      deferred.push(index);
    } else {
      accepted.push(...fresh);
      applied.push(index);
    }
  });
  return { text: applyEdits(text, accepted), applied, deferred };
}

/** Replaces non-overlapping ranges; the order of `edits` does not matter. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Fixes that reach into several files go in everywhere or nowhere. Returns the new text of every file that changes. */
export function applyFixesToFiles(
  fixes: readonly { edits: readonly (TextEdit & { file: string })[] }[],
  textOf: (file: string) => string | undefined,
): { texts: Map<string, string>; applied: number[]; deferred: number[] } {
  const accepted = new Map<string, TextEdit[]>();
  const applied: number[] = [];
  const deferred: number[] = [];
  fixes.forEach((fix, index) => {
    const fits = fix.edits.every((edit) => {
      const text = textOf(edit.file);
      const taken = accepted.get(edit.file) ?? [];
      return text !== undefined && edit.start >= 0 && edit.end <= text.length && (taken.some((a) => sameEdit(a, edit)) || !taken.some((a) => touch(a, edit)));
    });
    (fits ? applied : deferred).push(index);
    if (!fits) return;
    for (const edit of fix.edits) {
      const taken = accepted.get(edit.file) ?? [];
      if (!taken.some((a) => sameEdit(a, edit))) accepted.set(edit.file, [...taken, edit]);
    }
  });
  const texts = new Map([...accepted].map(([file, edits]) => [file, applyEdits(textOf(file) ?? '', edits)]));
  return { texts, applied, deferred };
}

/** `text` with its line ends changed to those of the file it goes into. */
export function withLineEnds(text: string, file: string): string {
  if (!text.includes('\n')) return text;
  const first = /\r\n|\r|\n/.exec(file)?.[0] ?? '\n';
  return text.replace(/\r\n|\r|\n/g, first);
}

function sameEdit(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Overlap, or two at the same point, whose order would be a guess. */
function touch(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}
