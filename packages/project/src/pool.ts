// Projects over threads: a queue ordered by size from which every thread, this one included, takes the next project when it is
// done with one, so that no thread waits while there is work. A thread that dies gives its project back.

import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ConfigurationOptions } from './config/configurations.js';
import type { IncludesSeed } from './includes.js';
import type { ProjectOutcome } from './outcome.js';
import type { PlannedProject } from './plan.js';
import type { ProjectPlan } from './plan-types.js';
import { emptyOutcome } from './project-run.js';

export interface WorkerStart {
  cwd: string;
  /** Specifier of a module that exports `rules`. */
  rulesModule: string;
  configuration: Omit<ConfigurationOptions, 'rules'>;
  overlays: readonly [string, string][];
  wholeProjects: boolean;
  /** Files that more than one project reads, as reports show them. */
  common: readonly string[];
  /** Say which content was read. */
  hashing: boolean;
}

export interface ProjectTask { index: number; plan: ProjectPlan; includes: IncludesSeed; targets: string[] }
export interface TaskResult { index: number; outcome: ProjectOutcome; content?: string }

export interface PoolOptions {
  start: WorkerStart;
  threads: number;
  targets: ReadonlySet<string>;
  /** Runs a project on this thread. */
  here(index: number): Promise<TaskResult>;
  done(result: TaskResult): void;
  signal?: AbortSignal;
}

const script = fileURLToPath(new URL('./worker.js', import.meta.url));

/** Whether there is a built worker to start; there is none when the tool runs from its TypeScript. */
export function canThread(): boolean {
  return fs.existsSync(script);
}

/** Runs the projects with these indexes; `done` is called for each, in no particular order. */
export async function runPool(projects: readonly PlannedProject[], indexes: readonly number[], sizes: readonly number[], options: PoolOptions): Promise<void> {
  const queue = [...indexes].sort((a, b) => sizes[b] - sizes[a] || a - b);
  const next = (): number | undefined => (options.signal?.aborted ? undefined : queue.shift());
  const helpers = Array.from({ length: Math.min(options.threads, indexes.length) - 1 }, () => helper(projects, next, options));
  const own = async (): Promise<void> => {
    for (let index = next(); index !== undefined; index = next()) options.done(await options.here(index));
  };
  await Promise.all([own(), ...helpers]);
}

function helper(projects: readonly PlannedProject[], next: () => number | undefined, options: PoolOptions): Promise<void> {
  return new Promise((resolve) => {
    let current: number | undefined;
    const worker = new Worker(script, { workerData: options.start });
    const give = (): void => {
      current = next();
      if (current === undefined) return stop();
      const { plan, includes } = projects[current];
      worker.postMessage({ index: current, plan, includes: includes.seed(), targets: plan.files.filter((f) => options.targets.has(f)) } satisfies ProjectTask);
    };
    const stop = (): void => {
      options.signal?.removeEventListener('abort', abort);
      void worker.terminate().then(() => resolve());
    };
    const abort = (): void => {
      current = undefined;
      stop();
    };
    options.signal?.addEventListener('abort', abort);
    worker.on('message', (message: TaskResult | { ready: true }) => {
      if ('outcome' in message) options.done(message);
      give();
    });
    // The same project would bring down the next thread too.
    const lost = (reason: string): void => {
      if (current !== undefined) options.done({ index: current, outcome: { ...emptyOutcome(), internal: [{ rule: '', message: `the thread ended: ${reason} (project ${projects[current].plan.name})` }] } });
      current = undefined;
      stop();
    };
    worker.on('error', (e) => lost(e instanceof Error ? e.message : String(e)));
    worker.on('exit', () => lost('without a word'));
  });
}
