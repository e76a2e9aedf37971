// The findings a team has decided to live with, as a file: one entry per finding, keyed by rule, function and statement (the
// fingerprint), so that edits elsewhere do not disturb it. Matching counts equal statements of a file; a renamed file's entries
// are found by their fingerprint alone.

import type { Finding } from './finding.js';

export interface BaselineEntry {
  rule: string;
  file: string;
  function: string;
  fingerprint: string;
  message: string;
}

export interface Baseline {
  version: 1;
  findings: BaselineEntry[];
}

export const baselineVersion = 1;

export function createBaseline(findings: readonly Finding[]): Baseline {
  const kept = findings.filter((f) => !f.suppressed || f.suppressed.kind === 'baseline');
  return {
    version: baselineVersion,
    findings: kept.map(({ rule, file, function: fn, fingerprint, message }) => ({ rule, file, function: fn, fingerprint, message })),
  };
}

/** Reads a baseline file; the error says what is wrong with it. */
export function parseBaseline(text: string): Baseline | { error: string } {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (e) {
    return { error: `is not JSON: ${(e as Error).message}` };
  }
  if (!isObject(data) || !('version' in data)) return { error: 'is not a drvlint baseline: it has no "version"' };
  if (data.version !== baselineVersion) return { error: `has version ${JSON.stringify(data.version)}, this drvlint reads version ${baselineVersion}; create it again with \`drvlint baseline create\`` };
  if (!Array.isArray(data.findings)) return { error: 'is not a drvlint baseline: "findings" is no list' };
  const bad = data.findings.findIndex((e) => !isObject(e) || !['rule', 'file', 'function', 'fingerprint'].every((k) => typeof e[k] === 'string'));
  if (bad >= 0) return { error: `has a broken entry: findings[${bad}] needs rule, file, function and fingerprint` };
  return { version: baselineVersion, findings: data.findings as BaselineEntry[] };
}

/** Marks the findings the baseline knows; returns the entries that matched nothing (they can be pruned). */
export function applyBaseline(findings: readonly Finding[], baseline: Baseline): { findings: Finding[]; stale: BaselineEntry[] } {
  const files = new Set(findings.map((f) => f.file));
  const left = new Map<string, BaselineEntry[]>();
  const add = (key: string, entry: BaselineEntry): void => void (left.get(key)?.push(entry) ?? left.set(key, [entry]));
  for (const entry of baseline.findings) add(files.has(entry.file) ? placedKey(entry) : movedKey(entry), entry);
  const used = new Set<BaselineEntry>();
  const marked = findings.map((f) => {
    if (f.suppressed) return f;
    const entry = left.get(placedKey(f))?.shift() ?? left.get(movedKey(f))?.shift();
    if (!entry) return f;
    used.add(entry);
    return { ...f, suppressed: { kind: 'baseline' as const, reason: 'in the baseline' } };
  });
  return { findings: marked, stale: baseline.findings.filter((e) => !used.has(e)) };
}

function placedKey(e: { file: string; fingerprint: string }): string {
  return `${e.file}\0${hashOf(e.fingerprint)}`;
}

function movedKey(e: { fingerprint: string }): string {
  return `\0${hashOf(e.fingerprint)}`;
}

function hashOf(fingerprint: string): string {
  return fingerprint.slice(0, fingerprint.indexOf(':') + 1 || undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
