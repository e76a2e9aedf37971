// What a rule may see and say. A rule imports this file (through the package index) and nothing else.

import type { FileFacts } from '../model/facts.js';
import type { Func, Project } from '../model/project.js';
import type { Analysis } from '../analyses/analysis.js';

export type { Analysis } from '../analyses/analysis.js';
import type { Edit, Fix, FlowStep, Related } from '../source/edits.js';

export type Level = 'error' | 'warning' | 'info';
export type Family = 'roles' | 'annotations' | 'irql' | 'cluster' | 'driver';
export type Preset = 'recommended' | 'strict' | 'cluster' | 'all' | 'mustfix';
/** What kind of source a rule is for; files of another kind are silent. */
export type DriverModel = 'kernel' | 'user' | 'cluster';

export interface RuleMeta {
  /** Stable id in kebab-case; equals the folder name. */
  id: string;
  /** One line, what is wrong: heading of its page and SARIF shortDescription. */
  title: string;
  family: Family;
  /** Default level; a single finding may be lower (`report({ level })`), never higher than what the contract says. */
  level: Level;
  /** Presets it is in besides 'all'. */
  presets: Preset[];
  /** Further presets it is in when the architecture is x86. */
  presetsOnX86?: Preset[];
  since: string;
  /** `C28121`, CodeQL ids such as `cpp/drivers/irql-too-high`: answer to the same suppressions and `--rule`. */
  aliases: string[];
  models: DriverModel[];
  /** One imperative sentence: what to do about it. */
  help: string;
  fixable?: 'fix' | 'suggestion' | 'both';
  /** JSON schema of the options object. */
  options?: Record<string, unknown>;
  defaults?: Record<string, unknown>;
}

export type { Edit, Fix, FlowStep, Related };

export interface Report {
  file: string;
  start: number;
  end: number;
  message: string;
  /** Lowers the rule's default level for this finding. */
  level?: Level;
  /** Function the finding is in, for its identity; found by position when left out. */
  function?: string;
  related?: Related[];
  flow?: FlowStep[];
  /** Keeps the meaning: applied by `--fix`. */
  fix?: Fix;
  /** May change behaviour: offered, never applied by itself. */
  suggestions?: Fix[];
  /** Sub-kind such as `check-on-some-paths`, shown in JSON/SARIF properties. */
  variant?: string;
}

export interface RuleContext {
  readonly project: Project;
  readonly options: Readonly<Record<string, unknown>>;
  analysis<T>(a: Analysis<T>): T;
  report(r: Report): void;
  /** Original text of a file, for fixes and messages. */
  text(file: string): string;
}

export interface Rule {
  readonly meta: RuleMeta;
  /** Called once per function defined in a file that is reported on. Prefer this: editors redo it alone. */
  func?(ctx: RuleContext, fn: Func): void;
  /** Called once per file that is reported on. */
  file?(ctx: RuleContext, file: FileFacts): void;
  /** Called once per project; may report anywhere (the runner drops what is not asked for). */
  all?(ctx: RuleContext): void;
}

/** Identity function that types a rule; `rules/<id>/rule.ts` default-exports its result. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
