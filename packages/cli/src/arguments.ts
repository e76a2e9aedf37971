// From the words of the command line to a request, or to what is wrong with them. Nothing is read or run here.

import { parseArgs } from 'node:util';
import { nearestWord, RuleNames, type Arch, type Level, type Preset, type Rule, type RuleSetting } from '@drvlint/core';
import { commands, formats, options, type FormatName, type Option } from './options.js';

export interface ReportTarget {
  format: FormatName;
  /** Standard output when absent. */
  output?: string;
}

export interface Request {
  command: string;
  operands: string[];
  reports: ReportTarget[];
  /** Options as given; switches are true. */
  values: Map<string, string[]>;
  presets: Preset[];
  rules: Record<string, RuleSetting>;
  only?: string[];
  defines: Record<string, string>;
  undefines: string[];
  level?: Level;
  failOn: Level;
  maxWarnings?: number;
  arch?: Arch;
  threads?: number;
  /** Part of the projects: `2/3`. */
  shard?: { index: number; count: number };
}

export class UsageError extends Error {}

/** Throws UsageError with one line that says what is wrong. */
export function parseCommandLine(words: readonly string[], rules: readonly Rule[]): Request {
  const { operands, given } = split(words);
  const command = commands.some((c) => c.name === operands[0]) ? operands.shift() ?? 'check' : 'check';
  const values = new Map<string, string[]>();
  for (const { option, value } of given) {
    checkChoice(option, value);
    const list = values.get(option.name) ?? [];
    if (list.length > 0 && option.value && !option.repeatable) throw new UsageError(`--${option.name} is given twice`);
    values.set(option.name, [...list, value]);
  }
  const one = (name: string): string | undefined => values.get(name)?.at(-1);
  conflicts(values);
  belongs(command, values);
  const names = new RuleNames(rules);
  const only = values.get('only')?.flatMap((list) => list.split(',')).map((id) => id.trim()).filter((id) => id !== '').flatMap((id) => ruleIds(id, names));
  return {
    command, operands, values, reports: reportTargets(given),
    presets: (values.get('preset') ?? []) as Preset[],
    rules: ruleSettings(values.get('rule') ?? [], names),
    ...(only ? { only } : {}),
    defines: Object.fromEntries((values.get('define') ?? []).map(defineOf)),
    undefines: values.get('undefine') ?? [],
    ...(one('level') ? { level: one('level') as Level } : {}),
    failOn: (one('fail-on') ?? 'warning') as Level,
    ...(values.has('max-warnings') ? { maxWarnings: wholeNumber('max-warnings', one('max-warnings') ?? '', 0) } : {}),
    ...(values.has('arch') ? { arch: one('arch') as Arch } : {}),
    ...(values.has('shard') ? { shard: shardOf(one('shard') ?? '') } : {}),
    ...(values.has('threads') ? { threads: wholeNumber('threads', one('threads') ?? '', 1) } : {}),
  };
}

interface Given { option: Option; value: string }

function split(words: readonly string[]): { operands: string[]; given: Given[] } {
  const config = Object.fromEntries(options.map((o) => [o.name, { type: o.value ? 'string' as const : 'boolean' as const, multiple: true, ...(o.short ? { short: o.short } : {}) }]));
  const { tokens } = parseArgs({ args: [...words], options: config, allowPositionals: true, strict: false, tokens: true });
  const operands: string[] = [];
  const given: Given[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    else if (token.kind === 'option') given.push(givenOption(token));
  }
  return { operands, given };
}

function givenOption(token: { name: string; rawName: string; value?: string | boolean }): Given {
  const option = options.find((o) => o.name === token.name);
  if (!option) {
    const near = nearestWord(token.name, options.map((o) => o.name));
    throw new UsageError(`unknown option ${token.rawName}${near ? `; did you mean --${near}?` : ''}`);
  }
  const value = typeof token.value === 'string' ? token.value : undefined;
  if (option.value && (value === undefined || value === '')) throw new UsageError(`--${option.name} needs a value: --${option.name} ${option.value}`);
  if (!option.value && value !== undefined) throw new UsageError(`--${option.name} takes no value`);
  return { option, value: value ?? 'true' };
}

function checkChoice(option: Option, value: string): void {
  if (!option.choices || option.choices.includes(value)) return;
  const near = nearestWord(value, option.choices);
  throw new UsageError(`--${option.name} ${value}: ${near ? `did you mean ${near}?` : `is none of ${option.choices.join(', ')}`}`);
}

const exclusive = [['config', 'no-config'], ['baseline', 'no-baseline'], ['color', 'no-color'], ['fix', 'fix-dry-run'], ['stdin', 'staged'], ['staged', 'since'], ['fix', 'stdin'], ['fix', 'staged'], ['cache-dir', 'no-cache']] as const;

function conflicts(values: ReadonlyMap<string, string[]>): void {
  for (const [a, b] of exclusive) if (values.has(a) && values.has(b)) throw new UsageError(`--${a} and --${b} exclude each other`);
  if (values.has('stdin') && !values.has('stdin-filename')) throw new UsageError('--stdin needs --stdin-filename FILE, which tells the language and the project');
}

/** Options of another command, and what a baseline cannot be made of. */
function belongs(command: string, values: ReadonlyMap<string, string[]>): void {
  for (const { name, only } of options) {
    if (!only || !values.has(name) || only.includes(command)) continue;
    const instead = name === 'json' ? '; for a report in that form: --format json' : name === 'github' ? '; for annotations: --format github' : '';
    throw new UsageError(`--${name} belongs to ${only.map((c) => `drvlint ${c}`).join(' and ')}${instead}`);
  }
  if (command !== 'baseline') return;
  for (const name of ['fix', 'fix-dry-run', 'since', 'staged', 'stdin', 'shard', 'partial']) if (values.has(name)) throw new UsageError(`drvlint baseline looks at everything: it takes no --${name}`);
}

/** `--format F --output FILE` pairs in the order given; an option that is set already starts the next pair. */
function reportTargets(given: readonly Given[]): ReportTarget[] {
  const pairs: { format?: string; output?: string }[] = [{}];
  for (const { option, value } of given) {
    if (option.name !== 'format' && option.name !== 'output') continue;
    const last = pairs[pairs.length - 1];
    if (last[option.name] === undefined) last[option.name] = value;
    else pairs.push({ [option.name]: value });
  }
  const targets = pairs.map(({ format, output }): ReportTarget => ({ format: (format ?? formatOfFile(output)) as FormatName, ...(output === undefined ? {} : { output }) }));
  const toStdout = targets.filter((t) => t.output === undefined);
  if (toStdout.length > 1) throw new UsageError(`${toStdout.map((t) => t.format).join(' and ')} cannot both go to standard output: give --output FILE`);
  const files = targets.map((t) => t.output).filter((o) => o !== undefined);
  const twice = files.find((f, i) => files.indexOf(f) !== i);
  if (twice !== undefined) throw new UsageError(`--output ${twice} is given twice`);
  return targets;
}

function formatOfFile(output: string | undefined): FormatName {
  const extension = /\.(\w+)$/.exec(output ?? '')?.[1]?.toLowerCase();
  return formats.find((f) => f === extension) ?? 'text';
}

function ruleSettings(list: readonly string[], names: RuleNames): Record<string, RuleSetting> {
  const settings: Record<string, RuleSetting> = {};
  for (const entry of list) {
    const [name, level] = entry.split('=') as [string, string | undefined];
    if (level !== undefined && !['off', 'info', 'warning', 'error'].includes(level)) throw new UsageError(`--rule ${entry}: '${level}' is none of off, info, warning, error`);
    for (const id of ruleIds(name, names)) settings[id] = level === undefined ? {} : { level: level as Level | 'off' };
  }
  return settings;
}

function ruleIds(name: string, names: RuleNames): readonly string[] {
  const ids = names.lookUp(name);
  if (ids.length > 0) return ids;
  const near = names.nearest(name);
  throw new UsageError(`there is no rule '${name}'${near ? `; did you mean ${near}?` : ' (drvlint list rules shows all)'}`);
}

function defineOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new UsageError(`--define ${text}: '${name}' is no macro name`);
  return [name, equals < 0 ? '1' : text.slice(equals + 1)];
}

function shardOf(text: string): { index: number; count: number } {
  const m = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, count] = m ? [Number(m[1]), Number(m[2])] : [0, 0];
  if (index < 1 || index > count) throw new UsageError(`--shard ${text}: must be I/N with I from 1 to N`);
  return { index, count };
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least) throw new UsageError(`--${option} ${text}: must be a whole number of at least ${least}`);
  return value;
}
