// Stands for `node:fs` in the bundle: the real one where the bundle runs in Node, the files in memory in a browser's worker.

import { memoryFiles } from './files.js';

declare const require: ((name: string) => unknown) | undefined;

export const isNode = typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === 'string';

export default isNode && typeof require === 'function' ? require('fs') : memoryFiles;
