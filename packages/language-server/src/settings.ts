// What a user may set in the editor. Values of the wrong kind count as not set: a client may send anything.

import { RuleNames, type Arch, type Level, type Preset, type Rule, type RuleSetting } from '@drvlint/core';
import type { Overrides } from '@drvlint/project';

export interface Settings {
  enable: boolean;
  overrides: Overrides;
  /** Milliseconds without an edit before the analysis runs. */
  debounce: number;
  maxFiles: number;
  /** Hints at functions that could not be analysed. */
  showNotAnalysed: boolean;
  hints: { functions: boolean; changes: boolean };
  lenses: { roles: boolean; callers: boolean };
  hover: boolean;
}

const presets: readonly Preset[] = ['recommended', 'strict', 'cluster', 'all', 'mustfix'];
const levels: readonly Level[] = ['error', 'warning', 'info'];
const architectures: readonly Arch[] = ['amd64', 'arm64', 'x86'];

type Tree = Readonly<Record<string, unknown>>;

const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? value as Tree : {});
const flag = (value: unknown, otherwise: boolean): boolean => (typeof value === 'boolean' ? value : otherwise);
const one = <T extends string>(value: unknown, of: readonly T[]): T | undefined => of.find((v) => v === value);

function number(value: unknown, otherwise: number, min: number, max: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : otherwise;
}

/** Reads the section `drvlint` of the client's configuration. */
export function readSettings(value: unknown, known: readonly Rule[]): Settings {
  const all = tree(value);
  const [hints, lenses, hover] = [tree(all.inlayHints), tree(all.codeLens), tree(all.hover)];
  return {
    enable: flag(all.enable, true),
    overrides: overridesOf(all, new RuleNames(known)),
    debounce: number(all.debounce, 120, 0, 10_000),
    maxFiles: number(all.maxFiles, 3000, 10, 100_000),
    showNotAnalysed: flag(all.showNotAnalysed, true),
    hints: { functions: flag(hints.functions, true), changes: flag(hints.changes, true) },
    lenses: { roles: flag(lenses.roles, true), callers: flag(lenses.callers, true) },
    hover: flag(hover.enable, true),
  };
}

function overridesOf(all: Tree, names: RuleNames): Overrides {
  const preset = one(all.preset, presets);
  const level = one(all.level, levels);
  const arch = one(all.architecture, architectures);
  const rules: Record<string, RuleSetting> = {};
  for (const [id, value] of Object.entries(tree(all.rules))) {
    const set = one(value, ['off', ...levels] as const);
    // By any name the rule has: its id, C28121, the id of the CodeQL query.
    if (set) for (const rule of names.lookUp(id)) rules[rule] = { level: set };
  }
  const defines: Record<string, string> = {};
  const undefines: string[] = [];
  for (const [name, value] of Object.entries(tree(all.defines))) {
    if (value === false) undefines.push(name);
    else if (value === true) defines[name] = '1';
    else if (typeof value === 'string' || typeof value === 'number') defines[name] = String(value);
  }
  return {
    ...(preset ? { presets: [preset] } : {}), ...(level ? { level } : {}), ...(arch ? { arch } : {}),
    ...(typeof all.configuration === 'string' && all.configuration !== '' ? { configuration: all.configuration } : {}), rules, defines, undefines,
  };
}
