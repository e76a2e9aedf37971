// Which rules run on a file, at which level and with which options: the preset, then the configuration, then the command line.
// Pure: hosts read configurations, this decides.

import type { Level, Preset, Rule, RuleMeta } from '../rule/kit.js';
import type { Arch } from '../lex/configuration.js';

/** What is said about one rule; a missing level means "on, at its own level". */
export interface RuleSetting {
  level?: Level | 'off';
  options?: Readonly<Record<string, unknown>>;
}

export interface Selection {
  /** A rule in any of them is on. */
  presets: readonly Preset[];
  arch: Arch;
  /** By rule id, later settings already merged over earlier ones. */
  rules: Readonly<Record<string, RuleSetting>>;
  /** Just these, whatever the preset says. */
  only?: readonly string[];
}

export interface ActiveRule {
  level: Level;
  options: Readonly<Record<string, unknown>>;
}

/** Rules switched on for a file, by id. Files with the same settings share one object. */
export type ActiveRules = ReadonlyMap<string, ActiveRule>;

/** Presets that contain a preset's rules: what is recommended is also in strict and cluster. */
const includes: Record<Preset, readonly Preset[]> = {
  recommended: ['recommended'],
  strict: ['recommended', 'strict'],
  cluster: ['cluster'],
  mustfix: ['mustfix'],
  all: ['recommended', 'strict', 'cluster', 'mustfix', 'all'],
};

export const presets = Object.keys(includes) as Preset[];

export function isInPreset(meta: RuleMeta, preset: Preset, arch: Arch): boolean {
  if (preset === 'all') return true;
  const own = arch === 'x86' ? [...meta.presets, ...(meta.presetsOnX86 ?? [])] : meta.presets;
  return includes[preset].some((p) => own.includes(p));
}

export function selectRules(rules: readonly Rule[], selection: Selection): ActiveRules {
  const active = new Map<string, ActiveRule>();
  for (const { meta } of rules) {
    const setting: RuleSetting | undefined = Object.hasOwn(selection.rules, meta.id) ? selection.rules[meta.id] : undefined;
    const level = setting?.level;
    const only = selection.only?.includes(meta.id);
    if (only === false || (level === 'off' && only !== true)) continue;
    if (!only && level === undefined && !setting && !selection.presets.some((p) => isInPreset(meta, p, selection.arch))) continue;
    active.set(meta.id, {
      level: level === undefined || level === 'off' ? meta.level : level,
      options: { ...meta.defaults, ...setting?.options },
    });
  }
  return active;
}
