// Runs the engine in a worker thread, so that ESLint's synchronous rules can wait for it: a request names a file and the rules that
// are on there, the answer is its findings. A project is analysed once; its other files are answered from what is known already.

import fs from 'node:fs';
import path from 'node:path';
import { runAsWorker } from 'synckit';
import { createParser, decode, type Finding, type Level, type RuleSetting, type SyntaxParser } from '@drvlint/core';
import { baselineOf, baselineProblem, Configurations, defaultCacheFolder, displayPath, OnDemand, withBaseline } from '@drvlint/project';
import { rules } from '@drvlint/rules';

export interface EngineRequest {
  cwd: string;
  file: string;
  text: string;
  /** Rules that are on, with their options where they are not the defaults. */
  rules: Record<string, Record<string, unknown> | null>;
  /** Lowest level wanted; that of the configuration when absent. */
  level?: Level;
  /** Folder of the cache; false: none. */
  cache?: string | false;
}

export interface EngineAnswer {
  findings: readonly Finding[];
  /** The configuration or the baseline cannot be used: nothing was analysed. */
  unusable: string[];
  /** Bugs of the engine that may have cost findings, or the reason why the file was not analysed. */
  problems: string[];
}

interface Run { engine: OnDemand; configurations: Configurations; checked: number; configured: string }

/** For this long nobody looks at the disk again, in milliseconds. */
const TRUST_MS = 1000;
/** By everything that decides about findings but the sources. */
const runs = new Map<string, Run>();
let parser: SyntaxParser | undefined;

runAsWorker(async (request: EngineRequest): Promise<EngineAnswer> => {
  const file = path.resolve(request.cwd, request.file);
  const { engine, configurations } = await runFor(request);
  const baseline = baselineOf(configurations, request.cwd);
  const unusable = [...configurations.problems.map((p) => [p.file, p.line, p.column].filter((part) => part !== undefined).join(':') + `: ${p.reason}`), baselineProblem(configurations, request.cwd) ?? []].flat();
  if (unusable.length > 0) return { findings: [], unusable, problems: [] };
  const { findings, internal, failure } = isEdited(file, request.text) ? await engine.edited(file, request.text) : await engine.file(file);
  engine.finish();
  const problems = [...internal.map((p) => `drvlint: internal error${p.rule ? ` in rule ${p.rule}` : ''}${p.file ? ` at ${p.file}` : ''}: ${p.message}`), ...(failure === undefined ? [] : [`drvlint: the file was not analysed: ${failure}`])];
  return { findings: withBaseline(findings, baseline, displayPath(request.cwd, file), request.cwd), unusable, problems };
});

async function runFor(request: EngineRequest): Promise<Run> {
  const { cwd, level, cache } = request;
  const key = JSON.stringify([cwd, level, cache, request.rules]);
  const now = performance.now();
  const old = runs.get(key);
  if (old && now - old.checked < TRUST_MS) return old;
  const configurations = new Configurations({ cwd, rules, overrides: { presets: [], rules: settingsOf(request.rules), ...(level ? { level } : {}) } });
  const configured = JSON.stringify(configurations.chain(cwd));
  if (old?.configured === configured && old.engine.isCurrent()) {
    old.checked = now;
    return old;
  }
  parser ??= await createParser();
  const cacheFolder = cache === false ? undefined : cache ?? defaultCacheFolder(process.env, process.platform);
  const run = { engine: new OnDemand({ cwd, rules, configurations, parser, ...(cacheFolder === undefined ? {} : { cacheFolder }) }), configurations, checked: now, configured };
  runs.set(key, run);
  return run;
}

/** ESLint says which rules are on; a level or option of `drvlint.config.json` still holds for those. */
function settingsOf(on: EngineRequest['rules']): Record<string, RuleSetting> {
  return Object.fromEntries(rules.map(({ meta }): [string, RuleSetting] => {
    if (!Object.hasOwn(on, meta.id)) return [meta.id, { level: 'off' }];
    const options = on[meta.id];
    return [meta.id, options ? { options } : {}];
  }));
}

/** ESLint reads everything as UTF-8; what that cannot read is taken from the disk. */
function isEdited(file: string, text: string): boolean {
  if (text.includes('\uFFFD')) return false;
  try {
    return decode(fs.readFileSync(file), file).text !== text;
  } catch {
    return true;
  }
}
