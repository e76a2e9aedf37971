// Writing a file so that nobody ever sees half of it: aside first, then renamed into place.

import fs from 'node:fs';
import path from 'node:path';

let count = 0;

/** Keeps the mode of a file that is there; throws the file system's error and leaves nothing behind. */
export function writeWhole(file: string, data: string | Uint8Array): void {
  // A pipe or a terminal is not replaced by a file.
  const special = fs.statSync(file, { throwIfNoEntry: false });
  if (special && !special.isFile() && !special.isDirectory()) return fs.writeFileSync(file, data);
  // A link stays a link: what it points to is replaced.
  const target = fs.existsSync(file) ? fs.realpathSync(file) : file;
  const aside = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.${count++}.tmp`);
  const mode = fs.existsSync(target) ? fs.statSync(target).mode : undefined;
  if (mode !== undefined) fs.accessSync(target, fs.constants.W_OK);
  try {
    fs.writeFileSync(aside, data, mode === undefined ? {} : { mode });
    fs.renameSync(aside, target);
  } catch (e) {
    fs.rmSync(aside, { force: true });
    throw e;
  }
}
