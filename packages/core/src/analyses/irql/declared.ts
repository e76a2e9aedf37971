// What a function's own annotations promise its callers: levels it may be called on, and how it leaves level and locks.

import { paramSalOf, salOf } from '../../model/annotations-of.js';
import type { Sal } from '../../model/annotations.js';
import type { Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { levelOfSal } from './entry.js';
import type { Scale } from './levels.js';
import type { Declared, LevelSpec, LockSpec, Outcome, Place } from './summary-types.js';

type PlacedSal = Sal & { file: FileFacts };

/** Parameters with annotations that save or restore a level. */
export interface SlotParam { index: number; name: string; place: Place; sal: PlacedSal; pointer: boolean }

export interface Slots { saves: SlotParam[]; restores: SlotParam[]; savesResult?: PlacedSal }

/** Parameters that a function's annotations name as carrying a level. */
export function slotsOf(project: Project, fn: Func): Slots {
  const slots: Slots = { saves: [], restores: [] };
  fn.params.forEach((p, index) => {
    for (const s of paramSalOf(project, fn, index)) {
      if (s.kind !== 'irql-saves' && s.kind !== 'irql-restores') continue;
      const pointer = p.type.ptr > 0 || /^P[A-Z]/.test(p.type.base);
      const slot = { index, name: p.name, place: { expr: s.at?.e ?? placeOf(p.name, pointer), tag: '' as const }, sal: s, pointer };
      (s.kind === 'irql-saves' ? slots.saves : slots.restores).push(slot);
    }
  });
  for (const s of salOf(project, fn)) {
    if (s.kind === 'irql-saves' && (!s.at || s.at.text === 'return')) slots.savesResult = s;
    else if ((s.kind === 'irql-saves' || s.kind === 'irql-restores') && s.at?.e) {
      const e = s.at.e;
      (s.kind === 'irql-saves' ? slots.saves : slots.restores).push({ index: -1, name: s.at.text, place: { expr: e, tag: '' }, sal: s, pointer: false });
    }
  }
  return slots;
}

function placeOf(name: string, pointer: boolean): Expr {
  const e: Expr = { k: 'name', name, start: 0, end: 0 };
  return pointer ? { k: 'unary', op: '*', e, start: 0, end: 0 } : e;
}

/** Contract and effect as declared; undefined when the annotations say neither. */
export function declaredOf(project: Project, scale: Scale, fn: Func): Declared | undefined {
  const sal = salOf(project, fn);
  const irql = sal.filter((s) => s.kind.startsWith('irql-'));
  const slots = slotsOf(project, fn);
  const locks = sal.filter((s) => s.kind === 'lock-acquires' || s.kind === 'lock-releases');
  if (irql.length === 0 && slots.saves.length === 0 && slots.restores.length === 0 && locks.length === 0) return undefined;
  const range = rangeOf(irql, project, scale);
  const outcome = fn.def ? undefined : outcomeOf(irql, slots, locks, project, scale);
  const at = range.at ?? irql[0] ?? sal[0];
  if (range.allowed === undefined && !outcome && range.conditional.length === 0) return undefined;
  return {
    ...(range.allowed !== undefined && { allowed: range.allowed }), conditional: range.conditional, ...(outcome && { outcome: [outcome] }),
    text: range.text, file: at?.file.path ?? '', start: at?.start ?? 0, end: at?.end ?? 0,
  };
}

function rangeOf(sal: readonly PlacedSal[], project: Project, scale: Scale): { allowed?: number; conditional: Declared['conditional']; text: string; at?: PlacedSal } {
  let allowed = scale.all;
  let at: PlacedSal | undefined;
  const texts: string[] = [];
  const conditional: Declared['conditional'] = [];
  for (const s of sal) {
    const mask = maskOf(s, project, scale);
    if (mask === undefined || s.at) continue;
    const text = `${s.name}(${s.level!.text})`;
    if (s.when.length > 0) {
      const when = s.when[0]!.e;
      if (s.when.length === 1 && when && !/\breturn\b/.test(s.when[0]!.text)) conditional.push({ when, text: `${text} when ${s.when[0]!.text}`, allowed: mask });
      continue;
    }
    allowed = (allowed & mask) >>> 0;
    at ??= s;
    if (!texts.includes(text)) texts.push(text);
  }
  return { ...(at && allowed !== 0 && { allowed }), conditional, text: texts.join(', '), ...(at && { at }) };
}

/** Levels that an annotation allows at a call. */
function maskOf(s: PlacedSal, project: Project, scale: Scale): number | undefined {
  if (s.kind !== 'irql-requires' && s.kind !== 'irql-max' && s.kind !== 'irql-min') return undefined;
  const level = levelOfSal(s, project, scale);
  if (level === undefined) return undefined;
  return s.kind === 'irql-requires' ? scale.only(level) : s.kind === 'irql-max' ? scale.range(0, level) : scale.range(level, scale.top);
}

/** The effect of a function that is only declared. */
function outcomeOf(irql: readonly PlacedSal[], slots: Slots, locks: readonly PlacedSal[], project: Project, scale: Scale): Outcome | undefined {
  const plain = irql.filter((s) => s.when.length === 0);
  const raises = plain.find((s) => s.kind === 'irql-raises');
  const level = raises && levelOfSal(raises, project, scale);
  const restores = slots.restores[0];
  if (level === undefined && !restores && slots.saves.length === 0) return undefined;
  // Raising without a word on where the level goes: what undoes it cannot be told from other functions.
  const known = level !== undefined && (slots.saves.length > 0 || slots.savesResult !== undefined || locks.length > 0);
  const spec: LevelSpec = level !== undefined && !known ? { k: 'unknown' } : level !== undefined ? { k: 'mask', mask: scale.only(level) } : restores ? { k: 'from', place: restores.place } : { k: 'same' };
  const saves = slots.saves.map((s) => ({ place: s.place, level: { k: 'same' } as LevelSpec }));
  if (slots.savesResult) saves.push({ place: { expr: { k: 'name', name: '$return', start: 0, end: 0 }, tag: '' }, level: { k: 'same' } });
  const ofKind = (kind: Sal['kind']): PlacedSal[] => locks.filter((s) => s.kind === kind && s.when.length === 0 && s.lock?.e !== undefined);
  const acquires = ofKind('lock-acquires').map((s): LockSpec => ({
    lock: lockPointer(s.lock!.e!), text: s.lock!.text, family: 'Other', mode: s.mode === 'shared' || s.mode === 'exclusive' ? s.mode : '', spin: (level ?? 0) >= 2,
    before: { k: 'same' }, raised: level !== undefined, by: s.name, ...(slots.saves[0] && { savedIn: slots.saves[0].place }),
  }));
  const releases = ofKind('lock-releases').map((s) => ({ lock: lockPointer(s.lock!.e!), text: s.lock!.text, family: 'Other' }));
  return { pre: [], post: [], entry: scale.all, level: spec, saves, acquires, releases, steps: [] };
}

/** Annotations name the lock or its object; keys are of pointers to it. */
function lockPointer(e: Expr): Expr {
  return e.k === 'unary' && e.op === '*' ? e.e : e;
}
