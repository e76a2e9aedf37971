// Settings of the JavaScript engine that suit an analysis. They are the whole process's, so only processes that are the tool's own make
// them, and before the work begins.

import v8 from 'node:v8';

/** Garbage in percent of what is alive: a run's peak is then near what its largest project needs. By itself the engine waits for up to four times that. */
const GROWTH = 50;

/** Bytecodes that the engine's optimising compiler may take into a function from those it calls; its own choice is 920. */
const INLINED = 100;

/** What a project leaves behind is garbage at once, and is to be collected soon. */
export function keepHeapSmall(): void {
  v8.setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}

/**
 * The analysis has a thousand hot functions that are all of the same size and call each other: taking them into one another costs the
 * compiler's threads as much as the analysis takes, and gains it nothing (docs/performance.md).
 */
export function compileLess(): void {
  v8.setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED}`);
}
