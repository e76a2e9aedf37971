// Collects what the operations find: events while reporting, demands on the entry level while summarising. Nothing is recorded before
// the states have settled.

import type { Func } from '../../model/project.js';
import type { ChangeEvent, EventStep, IrqlEvent, LevelEvent, LockEvent, LockProblem } from './events.js';
import { print, type Frame } from './frame.js';
import { highest, lowest, tighter, unbounded, type Bounds, type Mask } from './levels.js';
import type { BoundFact, CallOp, Contract } from './ops.js';
import type { Held, Part, Step, Trail } from './state.js';
import type { Need, Place } from './summary-types.js';
import type { Values } from './values.js';

/** What the function under analysis is held to. */
export interface Rules {
  /** Levels at entry, and whether that is documented or declared rather than "any". */
  entry: Mask;
  entryKnown: boolean;
  /** Demands on the entry level are wanted, those of callees included. */
  collects?: boolean;
  /** The range comes from a role or an annotation, so that its upper end is meant. */
  documented?: boolean;
  /** The entry range depends on configuration that the tool cannot see. */
  configurable?: boolean;
  max?: Limit;
  min?: Limit & { declared: boolean };
}

export interface Limit { level: number; text: string; file: string; start: number; end: number }

const maxNeeds = 12;
const maxSteps = 24;

export class Recorder {
  readonly events: IrqlEvent[] = [];
  readonly needs: Need[] = [];
  /** Record at all: set when the states have settled. */
  on = false;
  collects = false;
  /** The function is a cancel routine. */
  cancel = false;
  /** Tightest bounds of the calls made at the level of entry. */
  bounds: Bounds = unbounded;
  private readonly seen = new Set<string>();

  constructor(private readonly fn: Func, private readonly values: () => Values, private readonly entryStep: EventStep | undefined) {}

  private once(key: string): boolean {
    if (!this.on || this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }

  bound(b: Bounds): void {
    this.bounds = tighter(this.bounds, b);
  }

  flow(p: Part, last: EventStep[] = []): EventStep[] {
    const steps: EventStep[] = [];
    for (let t: Trail | undefined = p.trail; t && steps.length < maxSteps; t = t.prev) {
      const inner = (t.inner ?? []).map((s) => ({ ...s }));
      steps.unshift({ file: t.file, start: t.start, end: t.end, text: t.text, mask: t.mask }, ...inner);
    }
    if (this.entryStep) steps.unshift({ ...this.entryStep });
    return [...steps, ...last];
  }

  level(frame: Frame, op: CallOp, p: Part, now: Mask, c: Contract, what: { who: string; steps: readonly Step[]; certainty: LevelEvent['certainty'] }, extra: Partial<LevelEvent> = {}): void {
    if (!this.on) return;
    const kind = extra.kind ?? (highest(now) < lowest(c.allowed) ? 'too-low' : 'too-high');
    if (!this.once(`${kind} ${op.start} ${op.end} ${op.name}`)) return;
    this.events.push({
      kind, func: this.fn, file: frame.file.path, start: op.start, end: op.end, callee: op.name, who: what.who, source: c.source, here: now, allowed: c.allowed,
      certainty: what.certainty, depth: what.steps.length, ...(c.because !== undefined && { because: c.because }), ...(c.at && { at: c.at }),
      flow: this.flow(p, [{ file: frame.file.path, start: op.start, end: op.end, text: `${op.name} is called`, mask: now }, ...what.steps]), ...extra,
    });
  }

  change(
    frame: Frame, kind: ChangeEvent['kind'], op: CallOp, p: Part, to: Mask, limit: Mask, because: string, at?: Limit, steps: readonly Step[] = [],
  ): void {
    if (!this.on || !this.once(`${kind} ${op.start} ${op.end}`)) return;
    this.events.push({
      kind, func: this.fn, file: frame.file.path, start: op.start, end: op.end, callee: op.name, to, limit, because, certainty: 'sure', ...(at && { at }),
      flow: this.flow(p, [{ file: frame.file.path, start: op.start, end: op.end, text: `${op.name} is called`, ...(to > 0 && { mask: to }) }, ...steps]),
    });
  }

  lock(frame: Frame, problem: LockProblem, op: CallOp, p: Part, lock: string, other: string, more: { at?: Held; to?: Mask; expected?: Mask } = {}): void {
    if (!this.on || !this.once(`lock ${problem} ${op.start} ${op.end}`)) return;
    const event: LockEvent = {
      kind: 'lock', problem, func: this.fn, file: frame.file.path, start: op.start, end: op.end, lock, callee: op.name, other, certainty: 'sure',
      flow: this.flow(p, [{ file: frame.file.path, start: op.start, end: op.end, text: `${op.name} is called` }]),
      ...(more.at && more.at.end > 0 && { heldBy: { start: more.at.start, end: more.at.end } }), ...(this.cancel && more.at?.family === 'CancelSpinLock' && { cancel: true }),
      ...(more.to !== undefined && { to: more.to }), ...(more.expected !== undefined && { expected: more.expected }),
    };
    this.events.push(event);
  }

  /** An event of a callee whose own declaration is violated by what this call passes: it stands there, the flow comes from here. */
  inside(frame: Frame, op: CallOp, p: Part, now: Mask, need: Need): void {
    const at = need.steps[need.steps.length - 1]!;
    if (!need.reportInside || !this.once(`inside ${at.file} ${at.start}`)) return;
    this.events.push({
      kind: 'set-too-low', func: need.reportInside.func, file: at.file, start: at.start, end: at.end, callee: need.who, to: now, limit: need.allowed,
      because: need.reportInside.because, certainty: 'sure',
      flow: this.flow(p, [{ file: frame.file.path, start: op.start, end: op.end, text: `${op.name} is called` }, ...need.steps]),
    });
  }

  need(
    frame: Frame, op: CallOp, p: Part, c: Contract, who: string, on?: number, below?: Need, pre: readonly BoundFact[] = [],
    inside: Need['reportInside'] = below?.reportInside,
  ): void {
    if (!this.on || this.needs.length >= maxNeeds || (on === undefined && !this.collects)) return;
    const place = on === undefined ? undefined : sharedPlace(frame, on);
    if (on !== undefined && !place) return;
    const conditions = this.shared(frame, p, pre);
    const step: Step = { file: frame.file.path, start: op.start, end: op.end, text: `${op.name} is called` };
    const key = `${c.allowed} ${on ?? ''} ${op.start} ${conditions.map((f) => `${print(f.place.expr)}${JSON.stringify(f.value)}`).join()}`;
    if (this.seen.has(`need ${key}`)) return;
    this.seen.add(`need ${key}`);
    this.needs.push({
      allowed: c.allowed, ...(place && { on: place }), pre: conditions, always: false, who, source: c.source, steps: [step, ...(below?.steps ?? [])],
      ...(inside && { reportInside: inside }),
    });
  }

  floatNeed(frame: Frame, op: CallOp, p: Part, key: number): void {
    const place = sharedPlace(frame, key);
    if (!this.on || !place || this.seen.has(`float ${op.start}`)) return;
    this.seen.add(`float ${op.start}`);
    const step: Step = { file: frame.file.path, start: op.start, end: op.end, text: `${op.name} is called` };
    this.needs.push({ allowed: 0, on: place, pre: this.shared(frame, p, []), always: false, who: op.name, source: 'ddi', steps: [step], float: true });
  }

  /** What is known on the path in terms that callers understand. */
  private shared(frame: Frame, p: Part, pre: readonly BoundFact[]): { place: Place; value: ReturnType<Values['get']> }[] {
    const found = new Map<number, number>();
    for (let i = 0; i < p.facts.length; i += 2) found.set(p.facts[i]!, p.facts[i + 1]!);
    for (const f of pre) if ('key' in f) found.set(f.key, f.value);
    const result: { place: Place; value: ReturnType<Values['get']> }[] = [];
    for (const [key, value] of found) {
      const place = frame.isWritten(key) ? undefined : sharedPlace(frame, key);
      if (place && result.length < 6) result.push({ place, value: this.values().get(value) });
    }
    return result;
  }
}

export function sharedPlace(frame: Frame, key: number): Place | undefined {
  const k = frame.keys[key]!;
  return k.shared && !k.names.includes('$return') ? { expr: k.expr, tag: k.tag } : undefined;
}
