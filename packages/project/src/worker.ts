// A thread that runs whole projects: told once what the run is about, then one project after the other as it asks for them.

import { parentPort, workerData } from 'node:worker_threads';
import { createParser, SharedReads, type Rule } from '@drvlint/core';
import { contentOf } from './cache/key.js';
import { Configurations } from './config/configurations.js';
import { Directories } from './directory.js';
import { Includes } from './includes.js';
import type { ProjectTask, TaskResult, WorkerStart } from './pool.js';
import { runProject } from './project-run.js';
import { Sources } from './sources.js';

const start = workerData as WorkerStart;
const { rules } = await import(start.rulesModule) as { rules: readonly Rule[] };
const parser = await createParser();
const configurations = new Configurations({ ...start.configuration, rules });
const directories = new Directories();
const common = new Set(start.common);
const shared = new SharedReads((file) => common.has(file));
const port = parentPort!;

port.on('message', (task: ProjectTask) => void run(task).then((result) => port.postMessage(result)));
port.postMessage({ ready: true });

async function run({ index, plan, includes, targets }: ProjectTask): Promise<TaskResult> {
  const planned = { plan, includes: Includes.from(includes, directories) };
  // Texts are kept for one project: the next one may be anywhere.
  const sources = new Sources(start.cwd, start.hashing ? { get: () => undefined, set: () => {} } : undefined);
  for (const [file, text] of start.overlays) sources.overlay(file, text);
  const outcome = await runProject(planned, { cwd: start.cwd, rules, configurations, sources, parser, shared, targets: new Set(targets), ...(start.wholeProjects ? { wholeProjects: true } : {}) });
  return { index, outcome, ...(start.hashing ? { content: contentOf(planned, sources) } : {}) };
}
