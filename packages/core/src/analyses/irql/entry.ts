// The level a function is entered on and what it must do with it: from its roles, its annotations, the section it is placed in.

import { entryUnder, interruptEntry, role as roleRow, sectionKind, type EntryRange } from '@drvlint/wdk';
import { salOf } from '../../model/annotations-of.js';
import type { Sal } from '../../model/annotations.js';
import { evalSalExpr } from '../../model/sal-expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project, RoleOf } from '../../model/project.js';
import type { EventStep } from './events.js';
import { highest, lowest, type Mask, type Scale } from './levels.js';
import type { Limit } from './recorder.js';

export interface Entry {
  mask: Mask;
  /** Documented or declared, rather than "any". */
  known: boolean;
  configurable: boolean;
  why?: EventStep;
  /** What it must be at exit; absent when nothing is said. */
  exit?: { k: 'same'; because: string; limit?: Limit } | { k: 'raises'; level: number; limit: Limit } | { k: 'free' };
  max?: Limit;
  min?: Limit & { declared: boolean };
  /** Entered with the cancel spin lock held. */
  cancel?: boolean;
  /** In a pageable section. */
  pageable?: { file: string; start: number; end: number };
  /** By its own annotations, not only by a role. */
  annotated: boolean;
  role?: string;
}

export interface PassiveObjects { execution: boolean; interrupt: boolean }

type PlacedSal = Sal & { file: FileFacts };

/** `locked`: some pageable section is locked in memory at run time, so that only the section PAGE itself counts. */
export function entryOf(project: Project, scale: Scale, fn: Func, passive: PassiveObjects, locked: boolean): Entry {
  const sal = salOf(project, fn).filter((s) => s.kind.startsWith('irql-'));
  const roles = project.rolesOf(fn);
  const section = project.sectionOf(fn);
  const pageable = section && sectionKind(section.name) === 'pageable' && (!locked || section.name === 'PAGE') ? { file: section.file.path, start: section.start, end: section.end } : undefined;
  const entry: Entry = { mask: scale.all, known: false, configurable: false, annotated: false, ...(pageable && { pageable }) };
  fromRoles(entry, roles, scale, passive, fn);
  fromAnnotations(entry, sal, project, scale);
  fromSection(entry, scale);
  return entry;
}

// --- roles ------------------------------------------------------------------------------------------

function fromRoles(entry: Entry, roles: readonly RoleOf[], scale: Scale, passive: PassiveObjects, fn: Func): void {
  let mask = 0;
  let floor = Infinity;
  for (const r of roles) {
    const row = roleRow(r.role);
    const range = row && rangeOf(r, passive);
    if (!row || !range) continue;
    mask |= scale.known(range.min, range.max);
    floor = Math.min(floor, range.min);
    entry.configurable ||= range.configurable;
    entry.role ??= r.role;
    entry.why ??= { file: r.file.path, start: r.start, end: r.end, text: whyRole(r, fn), mask: scale.known(range.min, range.max) };
    if (r.role === 'DRIVER_CANCEL') entry.cancel = true;
    entry.exit = row.exitSame ? entry.exit ?? { k: 'same', because: `${article(r.role)} ${r.role} routine returns at the IRQL it was entered at` } : { k: 'free' };
  }
  if (mask === 0) return;
  entry.mask = mask >>> 0;
  entry.known = true;
  const { why } = entry;
  if (why) why.mask = entry.mask;
  if (floor >= 2 && floor !== Infinity && !entry.cancel && why) {
    entry.min = { level: lowest(entry.mask), text: `${article(entry.role!)} ${entry.role!} routine runs at it`, file: why.file, start: why.start, end: why.end, declared: false };
  }
}

const article = (word: string): string => (/^[AEIOU]/.test(word) ? 'an' : 'a');

function whyRole(r: RoleOf, fn: Func): string {
  const via = r.registration ? ` (${r.registration.via})` : '';
  return r.reason === 'registration' ? `${fn.name} is registered as ${r.role}${via}` : `${fn.name} has the role ${r.role}`;
}

/** Entry range of a role where it is registered; undefined when the role says nothing. */
function rangeOf(r: RoleOf, passive: PassiveObjects): (EntryRange & { configurable: boolean }) | undefined {
  const row = roleRow(r.role)!;
  if (r.registration?.entry) return { ...r.registration.entry, configurable: false };
  const range = row.entry;
  if (!range || range.byParam) return undefined;
  const slot = r.registration?.slot;
  const own = slot !== undefined ? range.byIndex?.[slot] : undefined;
  if (own) return { min: own.min, max: own.max, configurable: true };
  if (!passive.interrupt) {
    const device = interruptEntry(r.role, false);
    if (device) return { ...device, configurable: false };
  }
  if (!passive.execution && r.role === 'EVT_WDF_TIMER') return { ...entryUnder(r.role, 'dispatch')!, configurable: false };
  if (range.default !== undefined && range.default !== range.min && range.default !== range.max) return { min: range.min, max: range.max, configurable: true };
  // Documented up to APC_LEVEL: it is called at PASSIVE_LEVEL but for paging I/O and callers with APCs off, which the source does not show.
  const rarely = range.min === 0 && range.max === 1;
  return { min: range.min, max: range.max, configurable: rarely || range.default !== undefined || row.fw === 'wdf' || range.byIndex !== undefined };
}

// --- annotations ------------------------------------------------------------------------------------

const limitOf = (s: PlacedSal, level: number): Limit => ({ level, text: s.name + (s.level ? `(${s.level.text})` : ''), file: s.file.path, start: s.start, end: s.end });

export function levelOfSal(s: PlacedSal, project: Project, scale: Scale): number | undefined {
  const e = s.level?.e;
  const v = e && (evalSalExpr(e, (name) => project.valueOf({ k: 'name', name, start: 0, end: 0 }, s.file)));
  return v !== undefined && v >= 0 && v <= scale.top ? v : undefined;
}

function fromAnnotations(entry: Entry, sal: readonly PlacedSal[], project: Project, scale: Scale): void {
  const plain = sal.filter((s) => s.when.length === 0 && !s.at);
  const first = (kind: Sal['kind']): Limit | undefined => {
    for (const s of plain) {
      const level = s.kind === kind ? levelOfSal(s, project, scale) : undefined;
      if (level !== undefined) return limitOf(s, level);
    }
    return undefined;
  };
  const exact = first('irql-requires');
  const alwaysMax = first('irql-always-max');
  const alwaysMin = first('irql-always-min');
  const max = first('irql-max') ?? exact ?? alwaysMax;
  const min = first('irql-min') ?? exact ?? alwaysMin;
  if (alwaysMax) entry.max = alwaysMax;
  if (alwaysMin) entry.min = { ...alwaysMin, declared: true };
  if (max || min) {
    const low = min?.level ?? 0;
    const high = max?.level ?? (low <= 2 ? 2 : scale.top);
    const mask = scale.range(low, high);
    if (mask !== 0) {
      const both = entry.known ? (entry.mask & mask) >>> 0 : mask;
      entry.mask = both !== 0 ? both : mask;
      entry.configurable = false;
    }
    entry.known = true;
    entry.annotated = true;
    const at = max ?? min!;
    entry.why = { file: at.file, start: at.start, end: at.end, text: `annotated ${[min, max].filter((l, i, all) => l && all.indexOf(l) === i).map((l) => l!.text).join(', ')}`, mask: entry.mask };
  }
  exitFromAnnotations(entry, sal, plain, first('irql-raises'));
}

function exitFromAnnotations(entry: Entry, sal: readonly PlacedSal[], plain: readonly PlacedSal[], raises: Limit | undefined): void {
  const same = plain.find((s) => s.kind === 'irql-same');
  if (raises) {
    entry.exit = { k: 'raises', level: raises.level, limit: raises };
    if (entry.known && highest(entry.mask) > raises.level) return;
    entry.max ??= raises;
    if (!entry.known) entry.mask = (entry.mask & ((2 ** (raises.level + 1)) - 1)) >>> 0;
  } else if (same) entry.exit = { k: 'same', because: `it is annotated ${same.name}`, limit: limitOf(same, 0) };
  else if (sal.some((s) => s.kind === 'irql-saves-global' || s.kind === 'irql-restores-global' || s.kind === 'irql-raises')) entry.exit = { k: 'free' };
}

// --- section ----------------------------------------------------------------------------------------

function fromSection(entry: Entry, scale: Scale): void {
  if (!entry.pageable) return;
  const mask = scale.known(0, 1);
  if (entry.annotated && (entry.mask & mask) === 0) return;
  if (entry.known) {
    const both = (entry.mask & mask) >>> 0;
    // That pageable code runs below DISPATCH_LEVEL is no promise that it is called at APC_LEVEL.
    if (both !== 0 && both !== entry.mask && !entry.annotated) entry.configurable = true;
    if (both !== 0) entry.mask = both;
    if (entry.why) entry.why.mask = entry.mask;
    return;
  }
  entry.mask = mask;
  entry.known = true;
  entry.why = { ...entry.pageable, text: 'it is placed in a pageable section', mask };
}
