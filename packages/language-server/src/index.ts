// The language server of drvlint, for hosts that run it themselves.

export { runStdio } from './stdio.js';
export { Server, type ServerOptions } from './server.js';
export type { Platform } from './platform.js';
export { methods, type CoverageMessage, type InitializationOptions, type StatusMessage } from './protocol.js';
