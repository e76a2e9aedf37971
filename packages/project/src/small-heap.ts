// How far the engine lets its heap grow before it collects. By itself it waits for up to four times what was alive the last time, and
// what a project leaves behind is garbage at once. For processes that are the tool's own: the setting is the whole process's.

import v8 from 'node:v8';

/** Garbage in percent of what is alive: a run's peak is then near what its largest project needs. */
const GROWTH = 50;

export function keepHeapSmall(): void {
  v8.setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
