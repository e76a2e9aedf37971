// Stands for `node:os` in the bundle.

import { isNode } from './fs.js';

declare const require: (name: string) => { homedir(): string };

const nowhere = { homedir: (): string => '/home/nobody' };

export default isNode ? require('os') : nowhere;
