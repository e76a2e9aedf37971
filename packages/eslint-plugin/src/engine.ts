// The engine as ESLint needs it: a synchronous question per file.

import { fileURLToPath } from 'node:url';
import { createSyncFn } from 'synckit';
import type { EngineAnswer, EngineRequest } from './engine-worker.js';

let ask: ((request: EngineRequest) => EngineAnswer) | undefined;

/** Findings of a file under all rules (or one with options), its project analysed as far as it has not been. */
export function findingsOf(request: EngineRequest): EngineAnswer {
  ask ??= createSyncFn(workerFile()) as unknown as (request: EngineRequest) => EngineAnswer;
  return ask(request);
}

/** The worker is always the built file: worker threads do not go through a test runner's transforms. */
function workerFile(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../dist/engine-worker.js' : './engine-worker.js', import.meta.url));
}
