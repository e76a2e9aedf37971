// The process around the command line: streams, signals, the exit status.

import { onClosedPipe } from './closed-pipe.js';

const interrupt = new AbortController();
process.on('SIGINT', () => {
  // A second Ctrl-C does not wait for anything.
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort();
});
process.on('SIGTERM', () => process.exit(143));
onClosedPipe(process.stdout);
onClosedPipe(process.stderr);

// Loaded once the handlers stand: loading takes longer than a quick Ctrl-C.
const { run } = await import('./run.js');
const { readAll } = await import('./standard-input.js');
const { compileLess, keepHeapSmall } = await import('@drvlint/project');

compileLess();
keepHeapSmall();

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(), env: process.env, signal: interrupt.signal,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  ...(process.stdout.isTTY ? { columns: process.stdout.columns } : {}),
  outIsTerminal: process.stdout.isTTY === true, errIsTerminal: process.stderr.isTTY === true,
  stdin: () => readAll(process.stdin),
});
