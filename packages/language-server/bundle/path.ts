// Stands for `node:path` in the bundle: paths of the machine in Node, paths with slashes in a browser.

import posix from 'path-browserify';
import { isNode } from './fs.js';

declare const require: (name: string) => typeof posix;

export default isNode ? require('path') : { ...posix, sep: '/', resolve: (...parts: string[]) => posix.resolve('/', ...parts) };
