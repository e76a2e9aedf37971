// Runs the engine in a worker thread, so that ESLint's synchronous rules can wait for it: a request names a file, the answer
// is its findings. A project is analysed once; the other files of it are answered from what is known already.

import fs from 'node:fs';
import path from 'node:path';
import { runAsWorker } from 'synckit';
import { createParser, decode, type Finding, type Level, type SyntaxParser } from '@drvlint/core';
import { analyse, Configurations } from '@drvlint/project';
import { rules } from '@drvlint/rules';

export interface EngineRequest {
  cwd: string;
  file: string;
  text: string;
  /** Lowest level wanted. */
  level: Level;
  /** Options of one rule; its findings alone are asked for. */
  rule?: { id: string; options: Record<string, unknown> };
}

export interface EngineAnswer {
  findings: Finding[];
  /** Bugs of the engine that may have cost findings. */
  problems: string[];
}

interface Known { files: ReadonlySet<string>; stamp: string; checked: number; findings: Map<string, Finding[]>; problems: string[] }

/** Files of analysed projects -> results, per kind of request. */
const known = new Map<string, Known>();
/** For this long a result is used without looking at the disk again, in milliseconds. */
const TRUST_MS = 1000;
let parser: SyntaxParser | undefined;

runAsWorker(async (request: EngineRequest): Promise<EngineAnswer> => {
  const file = path.resolve(request.cwd, request.file);
  const onDisk = diskText(file);
  const edited = onDisk !== request.text && !request.text.includes('\uFFFD');
  const kind = JSON.stringify([request.cwd, request.level, request.rule]);
  const key = `${kind}\0${file}`;
  const old = known.get(key);
  if (old && !edited && isCurrent(old)) return { findings: old.findings.get(file) ?? [], problems: old.problems };
  const overlays = edited ? new Map([[file, request.text]]) : undefined;
  parser ??= await createParser();
  const overrides = { presets: ['all' as const], level: request.level, ...(request.rule ? { only: [request.rule.id], rules: { [request.rule.id]: { options: request.rule.options } } } : {}) };
  const configurations = new Configurations({ cwd: request.cwd, rules, overrides });
  const files = new Set<string>([file]);
  const result = await analyse({
    cwd: request.cwd, inputs: [file], context: [request.cwd], rules, configurations, parser, wholeProjects: true, ...(overlays ? { overlays } : {}),
    onProject: (project) => { for (const f of project.files) files.add(path.resolve(request.cwd, f.path)); },
  });
  const problems = [...configurations.problems.map((p) => `${p.file}: ${p.reason}`), ...result.internal.map((p) => p.message)];
  const byFile = new Map<string, Finding[]>();
  for (const finding of result.findings) {
    const at = path.resolve(request.cwd, finding.file);
    byFile.set(at, [...byFile.get(at) ?? [], finding]);
  }
  if (!edited) {
    const entry: Known = { files, stamp: stampOf(files), checked: performance.now(), findings: byFile, problems };
    for (const f of files) known.set(`${kind}\0${f}`, entry);
  }
  return { findings: byFile.get(file) ?? [], problems };
});

function diskText(file: string): string | undefined {
  try {
    return decode(fs.readFileSync(file), file).text;
  } catch {
    return undefined;
  }
}

function isCurrent(entry: Known): boolean {
  if (performance.now() - entry.checked < TRUST_MS) return true;
  if (stampOf(entry.files) !== entry.stamp) return false;
  entry.checked = performance.now();
  return true;
}

/** Sizes and times of files: cheaper than their contents, and enough between two runs in one process. */
function stampOf(files: Iterable<string>): string {
  let stamp = '';
  for (const file of files) {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    stamp += `${file}:${stat?.mtimeMs}:${stat?.size};`;
  }
  return stamp;
}
