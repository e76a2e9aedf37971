// Where a definition's own annotations say something else than an earlier declaration's: IRQLs, locks, and what is done with a parameter.
// Levels are compared by value, locks and conditions by their text with parameters numbered; only what both understand is compared.

import { levelOf } from '@drvlint/wdk';
import { salValue, type Sal, type SalArg } from '../../model/annotations.js';
import type { FileFacts, FunctionDecl } from '../../model/facts.js';
import type { Placed, Project } from '../../model/project.js';
import { functionSal, parameterSal } from './own.js';

export interface Contradiction {
  /** The definition's annotation that differs, absent when the definition lacks one. */
  found?: Sal;
  /** The declaration's. */
  expected: Sal;
  /** 0-based parameter, when it is one's. */
  param?: number;
}

export function contradictions(project: Project, declared: Placed<FunctionDecl>, defined: Placed<FunctionDecl>): Contradiction[] {
  return [...irqlRange(project, declared, defined), ...byKey(project, declared, defined), ...parameters(project, declared, defined)];
}

// --- IRQL range ------------------------------------------------------------------------------------

const rangeKinds = new Set(['irql-requires', 'irql-min', 'irql-max']);

interface LevelRange { min?: number; max?: number; unknown?: boolean; by: Sal[] }

/** Unconditional `_IRQL_requires_*`: compared as a range, since `requires_(PASSIVE)` and `requires_max_(PASSIVE)` are one. */
function irqlRange(project: Project, declared: Placed<FunctionDecl>, defined: Placed<FunctionDecl>): Contradiction[] {
  const wanted = rangeOf(project, declared);
  const found = rangeOf(project, defined);
  if (wanted.by.length === 0 || wanted.unknown || found.unknown) return [];
  if (found.by.length === 0) return [{ expected: wanted.by[0]! }];
  if ((wanted.min ?? 0) === (found.min ?? 0) && wanted.max === found.max) return [];
  const different = found.by.find((s) => !wanted.by.some((w) => sameLevel(project, w, declared.file, s, defined.file)));
  const missing = wanted.by.find((w) => !found.by.some((s) => sameLevel(project, w, declared.file, s, defined.file)));
  return [{ expected: missing ?? wanted.by[0]!, ...(different && { found: different }) }];
}

function sameLevel(project: Project, a: Sal, fileA: FileFacts, b: Sal, fileB: FileFacts): boolean {
  return a.kind === b.kind && levelValue(project, a.level, fileA) === levelValue(project, b.level, fileB);
}

function rangeOf(project: Project, placed: Placed<FunctionDecl>): LevelRange {
  const range: LevelRange = { by: [] };
  for (const s of functionSal(project, placed)) {
    if (!rangeKinds.has(s.kind) || s.when.length > 0 || s.at) continue;
    const value = levelValue(project, s.level, placed.file);
    if (value === undefined) range.unknown = true;
    range.by.push(s);
    if (s.kind !== 'irql-max') range.min = value;
    if (s.kind !== 'irql-min') range.max = value;
  }
  return range;
}

/** Value of a level on the scale of the project's architecture. */
export function levelValue(project: Project, level: SalArg | undefined, file: FileFacts): number | undefined {
  return level && salValue(level, (name) => levelOf(name, project.arch) ?? project.valueOf({ k: 'name', name, start: 0, end: 0 }, file));
}

// --- the other function-level annotations ----------------------------------------------------------

const comparedKinds = new Set(['irql-same', 'irql-raises', 'irql-saves-global', 'irql-restores-global', 'irql-always-max', 'irql-always-min', 'irql-limited',
  'lock-acquires', 'lock-releases', 'lock-held', 'lock-not-held', 'lock-none-held', 'irql-saves', 'irql-restores', 'irql-requires', 'irql-min', 'irql-max']);

function byKey(project: Project, declared: Placed<FunctionDecl>, defined: Placed<FunctionDecl>): Contradiction[] {
  const compared = (s: Sal): boolean => comparedKinds.has(s.kind) && !(rangeKinds.has(s.kind) && s.when.length === 0 && !s.at);
  const wanted = functionSal(project, declared).filter(compared);
  const found = functionSal(project, defined).filter(compared);
  const unmatched = found.filter((s) => !wanted.some((w) => statement(project, w, declared) === statement(project, s, defined)));
  const missing = wanted.filter((w) => !found.some((s) => statement(project, w, declared) === statement(project, s, defined)));
  return missing.map((expected) => {
    const at = unmatched.findIndex((s) => s.kind === expected.kind && conditions(s, defined.decl) === conditions(expected, declared.decl));
    const [other] = at < 0 ? [] : unmatched.splice(at, 1);
    return { expected, ...(other && { found: other }) };
  });
}

/** One spelling of what a statement says: kind, condition, target, level or lock. */
function statement(project: Project, s: Sal, placed: Placed<FunctionDecl>): string {
  const level = s.level ? levelValue(project, s.level, placed.file) ?? normal(s.level.text, placed.decl) : '';
  const rest = s.level ? '' : s.lock ? normal(s.lock.text, placed.decl) : s.args.map((a) => normal(a.text, placed.decl)).join(',');
  return [s.kind, s.mode ?? '', conditions(s, placed.decl), s.at ? normal(s.at.text, placed.decl) : '', level, rest].join('|');
}

function conditions(s: Sal, decl: FunctionDecl): string {
  return s.when.map((w) => normal(w.text, decl)).sort().join('&') + (s.state ?? '');
}

/** Text without blanks and needless parentheses, with the function's parameters numbered: their names may differ. */
function normal(text: string, decl: FunctionDecl): string {
  const numbered = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|\\\r?\n/g, ' ').replace(/[A-Za-z_]\w*/g, (word) => {
    const i = decl.params.findIndex((p) => p.name === word);
    return i < 0 ? word : `$${i}`;
  });
  let bare = numbered.replace(/\s+/g, '');
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = bare.replace(/(^|[^\w)\]])\(([\w$.>-]+)\)/g, '$1$2');
  }
  return bare;
}

// --- parameters ------------------------------------------------------------------------------------

function parameters(project: Project, declared: Placed<FunctionDecl>, defined: Placed<FunctionDecl>): Contradiction[] {
  const found: Contradiction[] = [];
  if (declared.decl.params.length !== defined.decl.params.length) return found;
  defined.decl.params.forEach((_, i) => {
    const wanted = directions(parameterSal(project, declared, i));
    const own = directions(parameterSal(project, defined, i));
    const [expected] = wanted;
    const [other] = own;
    if (!expected || !other || wanted.length > 1 || own.length > 1) return;
    if (expected.dir !== other.dir || expected.optional !== other.optional) found.push({ expected, found: other, param: i });
  });
  return found;
}

function directions(list: Sal[]): Sal[] {
  return list.filter((s) => s.kind === 'param' && s.dir !== undefined && s.when.length === 0 && !s.at);
}
