// What an edit did to a text: the part that was replaced, and where everything else is now.

/** The units [from, oldTo) of a text were replaced; what stood behind them now begins at `newTo`. Offsets are UTF-16 offsets. */
export interface TextChange { from: number; oldTo: number; newTo: number }

/** The smallest replacement that makes `after` of `before`. */
export function textChange(before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let from = 0;
  // Whole stretches at once as long as they are equal: the engine compares them much faster than unit by unit.
  while (from + stretch <= most && before.slice(from, from + stretch) === after.slice(from, from + stretch)) from += stretch;
  while (from < most && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let [oldTo, newTo] = [before.length, after.length];
  while (Math.min(oldTo, newTo) - stretch >= from && before.slice(oldTo - stretch, oldTo) === after.slice(newTo - stretch, newTo)) {
    oldTo -= stretch;
    newTo -= stretch;
  }
  while (Math.min(oldTo, newTo) > from && before.charCodeAt(oldTo - 1) === after.charCodeAt(newTo - 1)) {
    oldTo--;
    newTo--;
  }
  return { from, oldTo, newTo };
}

const stretch = 1024;

/** Where an offset of the text before is now; what lies inside the replaced part is nowhere. */
export function shifted(offset: number, change: TextChange): number | undefined {
  if (offset >= change.oldTo) return offset + change.newTo - change.oldTo;
  return offset <= change.from ? offset : undefined;
}
