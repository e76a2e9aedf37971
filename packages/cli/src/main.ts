// The process around the command line: streams, signals, the exit status.

import { run } from './run.js';
import { onClosedPipe, readAll } from './streams.js';

const interrupt = new AbortController();
process.on('SIGINT', () => {
  // A second Ctrl-C does not wait for anything.
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort();
});
process.on('SIGTERM', () => process.exit(143));
onClosedPipe(process.stdout);
onClosedPipe(process.stderr);

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(), env: process.env, signal: interrupt.signal,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  outIsTerminal: process.stdout.isTTY === true, errIsTerminal: process.stderr.isTTY === true,
  stdin: () => readAll(process.stdin),
});
