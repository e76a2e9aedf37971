// What the file system says of a path, for callers to whom every failure means the same: nothing there that can be used. A link
// that leads to itself and a folder that may not be entered fail even where a missing file is allowed for.

import fs from 'node:fs';

/** Undefined when the path is missing, a loop of links, or out of reach. */
export function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
