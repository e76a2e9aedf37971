// Project files a Visual Studio solution lists, in either format.

import fs from 'node:fs';
import path from 'node:path';
import type { Directories } from '../directory.js';
import { fromBuildFile } from '../paths.js';

export function readSolution(file: string, directories: Directories): string[] {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return [...text.matchAll(/"([^"\r\n]+\.vcxproj)"/gi)]
    .map((m) => directories.findFile(fromBuildFile(path.dirname(file), m[1])))
    .filter((found) => found !== undefined);
}
