// A project too large to be kept in memory as a whole: the units nearest to the open files are read, by folder, and the headers they
// include. What lies farther away is as unknown as a library.

import path from 'node:path';
import type { PlannedProject } from '../plan.js';

/** The project itself when it has at most `most` files, else the part of it around `open`. */
export function narrowed(planned: PlannedProject, open: readonly string[], most: number): PlannedProject {
  const { plan, includes } = planned;
  if (plan.files.length <= most) return planned;
  const near = open.filter((file) => plan.files.includes(file));
  const listed = new Set(plan.units.map((u) => u.file));
  const headers = plan.files.length - plan.units.length;
  const room = Math.max(near.length, most - Math.min(headers, most >> 1));
  const units = [...plan.units].sort((a, b) => distance(a.file, near) - distance(b.file, near) || (a.file < b.file ? -1 : 1)).slice(0, room);
  const kept = new Set([...units.map((u) => u.file), ...near]);
  const files = plan.files.filter((f) => kept.has(f) || !listed.has(f));
  const inOrder = plan.units.filter((u) => kept.has(u.file));
  return { includes, plan: { ...plan, units: inOrder, files, partial: `${inOrder.length} of ${plan.units.length} units, those nearest to the open files` } };
}

/** Steps up from the nearest open file to a common folder; open files come first. */
function distance(file: string, open: readonly string[]): number {
  let least = Infinity;
  for (const other of open) {
    if (other === file) return -1;
    const [a, b] = [path.dirname(file).split(path.sep), path.dirname(other).split(path.sep)];
    let common = 0;
    while (common < a.length && a[common] === b[common]) common++;
    least = Math.min(least, a.length + b.length - 2 * common);
  }
  return least;
}
