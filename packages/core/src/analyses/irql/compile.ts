/* eslint-disable max-lines -- one visitor over all expressions and statements; to be divided by kind of step */
// Steps of a graph -> operations: calls with their meaning, assignments that a condition or a saved level depends on, returns.

import { isAssumption, targetRange, type IrqlEffect } from '@drvlint/wdk';
import type { Block, Step } from '../../flow/cfg.js';
import { parts, some, uncast } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { LocalVar } from '../../model/facts.js';
import type { Func } from '../../model/project.js';
import { Binder, type Binding } from './bind.js';
import { Conditions } from './conditions.js';
import { Contracts } from './contracts.js';
import type { Environment } from './environment.js';
import type { Frame } from './frame.js';
import type { Mask } from './levels.js';
import { meaningOf, type Meaning } from './meaning.js';
import type { Act, CallOp, Cond, Contract, LevelExpr, LockOp, Op, ReturnOp, SetOp, SetValue } from './ops.js';
import type { Part } from './state.js';
import type { Declared } from './summary-types.js';
import { usefulKeys } from './useful.js';
import type { Values } from './values.js';

/** A switch or branch, ready to be decided. */
export type Decision =
  | { k: 'branch'; cond: Cond }
  | { k: 'switch'; cases: (Cond | undefined)[] };

/** Where a step's operations begin in its block. */
export interface Mark { start: number; end: number; op: number }

export interface Compiled {
  ops: Op[][];
  marks: Mark[][];
  decisions: (Decision | undefined)[];
  /** Keys of locks that the function acquires somewhere, itself or through a call. */
  acquires: Set<number>;
  values: Values;
  conditions: Conditions;
}

interface PendingSet { op: SetOp; target: Expr; /** Normal form of the target. */ place: Expr | undefined; text: string | undefined; value: Expr | undefined; written: boolean }
/** A call with what it may write: objects whose address it gets, the place its result goes to. */
interface PendingCall { op: CallOp; written: readonly Expr[]; target: Expr | undefined }

const none: readonly number[] = [];
const nothing: readonly Expr[] = [];
const noNames: readonly string[] = [];
const unknownValue: SetValue = { k: 'unknown' };
const notSet: SetValue = { k: 'unset' };
const comparisons = new Set(['==', '!=', '<=', '>=', '<', '>']);
/** The same and what looks like one. */
const comparing = new Set([...comparisons, '=', '!']);

export class Compiler {
  readonly values: Values;
  readonly conditions: Conditions;
  private readonly contracts: Contracts;
  private readonly binder: Binder;
  private readonly sets: PendingSet[] = [];
  private readonly calls: PendingCall[] = [];
  private readonly acquires = new Set<number>();
  private out: Op[] = [];

  constructor(private readonly frame: Frame, private readonly env: Environment) {
    this.values = env.values;
    this.conditions = new Conditions(frame, this.values, env.scale);
    this.contracts = new Contracts(frame, this.conditions, this.values, env.scale);
    this.binder = new Binder(frame, this.conditions, this.values, env);
  }

  /** `exports`: conditions that callers understand are kept although nothing here asks for them again. */
  compile(exports: boolean): Compiled {
    const { blocks, order } = this.frame.cfg;
    const ops: Op[][] = blocks.map(() => []);
    const marks: Mark[][] = blocks.map(() => []);
    const decisions: (Decision | undefined)[] = blocks.map(() => undefined);
    for (const id of order) {
      this.out = ops[id]!;
      const block = blocks[id]!;
      for (const s of block.steps) {
        const at = rangeOf(s);
        marks[id]!.push({ start: at.start, end: at.end, op: this.out.length });
        this.step(s);
      }
      const { term } = block;
      if (term.k === 'branch' || term.k === 'switch') {
        const e = term.k === 'branch' ? term.cond : term.e;
        marks[id]!.push({ start: e.start, end: e.end, op: this.out.length });
      } else if (term.k === 'exit') marks[id]!.push({ start: term.at, end: term.at + 1, op: this.out.length });
      decisions[id] = this.decision(block);
    }
    this.finish();
    for (const id of order) this.prune(ops, marks, id);
    this.conditions.useful = usefulKeys(this.frame, ops, decisions, this.contracts.read, exports);
    return { ops, marks, decisions, acquires: this.acquires, values: this.values, conditions: this.conditions };
  }

  private prune(ops: Op[][], marks: Mark[][], id: number): void {
    const all = ops[id]!;
    if (all.every(isNeeded)) return;
    const kept: Op[] = [];
    const before = [0];
    for (const op of all) {
      if (isNeeded(op)) kept.push(op);
      before.push(kept.length);
    }
    for (const m of marks[id]!) m.op = before[m.op]!;
    ops[id] = kept;
  }

  private decision(block: Block): Decision | undefined {
    const t = block.term;
    if (t.k === 'branch') {
      this.expression(t.cond);
      return { k: 'branch', cond: this.conditions.compile(t.cond) };
    }
    if (t.k !== 'switch') return undefined;
    this.expression(t.e);
    const range = (e: Expr, op: '==' | '>=' | '<=', v: Expr): Expr => ({ k: 'binary', op, l: e, r: v, start: v.start, end: v.end });
    return { k: 'switch', cases: t.cases.map((c) => (c.v && !c.hi ? this.conditions.compile(range(t.e, '==', c.v)) : undefined)) };
  }

  private step(s: Step): void {
    switch (s.k) {
      case 'eval': return this.expression(s.e);
      case 'decl': return this.declaration(s.v);
      case 'destroy': return this.destroy(s.v, s.start, s.end);
      case 'return': return this.returned(s);
      default: return undefined;
    }
  }

  // --- expressions ----------------------------------------------------------------------------------

  private expression(e: Expr): void {
    switch (e.k) {
      case 'call':
        this.operands(e);
        this.call(e, undefined);
        return;
      case 'assign': return this.assignment(e);
      case 'update':
        this.expression(e.e);
        this.set(e.e, undefined);
        return;
      case 'name': case 'num': case 'str': case 'char': case 'sizeof': case 'lambda': return;
      default: this.operands(e);
    }
  }

  private operands(e: Expr): void {
    const chain: Expr[] = [];
    let left = e;
    while (left.k === 'binary') {
      chain.push(left.r);
      left = left.l;
    }
    if (left !== e) this.expression(left);
    else for (const p of parts(e)) this.expression(p);
    for (let i = chain.length - 1; i >= 0; i--) this.expression(chain[i]!);
  }

  private assignment(e: Expr & { k: 'assign' }): void {
    const r = uncast(e.r);
    if (e.l.k !== 'name') for (const p of parts(e.l)) this.expression(p);
    if (r.k === 'call' && e.op === '=') {
      this.operands(r);
      this.call(r, e.l);
      return;
    }
    this.expression(e.r);
    this.set(e.l, e.op === '=' ? (r.k === 'assign' ? r.l : e.r) : undefined);
  }

  private declaration(v: LocalVar): void {
    const target: Expr = { k: 'name', name: v.name, start: v.nameStart, end: v.nameStart + v.name.length };
    for (const a of v.ctorArgs ?? []) this.expression(a);
    const init = v.init && uncast(v.init);
    if (init?.k === 'call') {
      this.operands(init);
      this.call(init, target);
    } else {
      if (v.init) this.expression(v.init);
      this.set(target, v.init, !v.init && !v.isStatic && !v.isExtern);
    }
    if (this.frame.file.language === 'cpp' && v.type.ptr === 0 && !v.type.ref && init?.k !== 'call') this.construct(v, target);
  }

  private construct(v: LocalVar, target: Expr): void {
    const args = v.ctorArgs ?? (v.init?.k === 'init' ? v.init.items.map((i) => i.value) : v.init ? [v.init] : []);
    const ctor = this.env.project.constructorOf(v.type, args.length, this.frame.file);
    if (ctor) this.callee(ctor, args, { k: 'unary', op: '&', e: target, start: target.start, end: target.end }, v.start, v.end);
  }

  private destroy(v: LocalVar, start: number, end: number): void {
    const dtor = this.env.project.destructorOf(v.type, this.frame.file);
    const target: Expr = { k: 'name', name: v.name, start, end };
    if (dtor) this.callee(dtor, [], { k: 'unary', op: '&', e: target, start, end }, start, end);
  }

  private returned(s: Step & { k: 'return' }): void {
    const op: ReturnOp = { k: 'return', start: s.start, end: s.end, key: -1, value: undefined, cond: undefined, varies: false };
    if (s.e) {
      this.expression(s.e);
      const c = this.conditions.constant(s.e);
      if (c !== undefined) op.value = this.values.equalTo(c);
      else {
        const x = uncast(s.e);
        op.varies = true;
        if ((x.k === 'binary' && comparing.has(x.op)) || (x.k === 'unary' && x.op === '!')) op.cond = this.conditions.compile(x);
        else op.key = this.frame.key(x);
      }
    }
    this.out.push(op);
  }

  // --- assignments ----------------------------------------------------------------------------------

  private set(target: Expr, value: Expr | undefined, unset = false): void {
    this.out.push(this.newSet(target, value, unset));
  }

  private newSet(target: Expr, value: Expr | undefined, unset = false): SetOp {
    const op: SetOp = { k: 'set', key: -1, value: unset ? notSet : unknownValue, kills: none, forgets: none, unsets: none, equal: undefined, local: undefined };
    const place = this.frame.resolveTarget(target);
    this.sets.push({ op, target, place, text: place && this.frame.text(place), value, written: false });
    return op;
  }

  /** Which assignments matter is known when all conditions and places are; values they copy may matter in turn. */
  private finish(): void {
    for (let round = 0, changed = true; round < 4 && changed; round++) {
      changed = false;
      for (const s of this.sets) {
        if (s.written || (!this.carriesLevel(s) && (s.text === undefined || !this.frame.hasText(s.text)))) continue;
        s.written = changed = true;
        s.op.key = this.frame.targetKey(s.target);
        if (s.value) s.op.value = this.valueOf(s.value, s.op.key);
      }
    }
    for (const s of this.sets) this.finishSet(s);
    for (const c of this.calls) {
      for (const e of c.written) {
        const place = this.frame.resolveTarget(e);
        const plain = this.affected(place, place && this.frame.text(place)).filter((k) => this.frame.keys[k]!.tag === '');
        if (plain.length === 0) continue;
        c.op.kills = [...c.op.kills, ...plain];
        c.op.forgets = [...c.op.forgets, ...plain];
        for (const k of plain) this.frame.written.add(k);
      }
      if (c.target && this.frame.hasTarget(c.target)) c.op.result = this.frame.targetKey(c.target);
    }
  }

  /** A level is copied to a place that callers can see. */
  private carriesLevel(s: PendingSet): boolean {
    const carries = this.isLevelCopy(s);
    if (carries) this.frame.levelCopies.add(this.frame.targetKey(s.target));
    return carries;
  }

  private isLevelCopy(s: PendingSet): boolean {
    if (!s.value || this.conditions.levelPlaces.size === 0) return false;
    const from = this.frame.find(this.frame.resolveTarget(s.value));
    if (from === undefined || !this.conditions.levelPlaces.has(from)) return false;
    const r = s.place;
    return r !== undefined && (r.k !== 'name' || !this.frame.isLocal(r.name));
  }

  private valueOf(e: Expr, into: number): SetValue {
    const x = uncast(e);
    const c = this.conditions.constant(x);
    if (c !== undefined) {
      const level = typeof c === 'number' && this.conditions.levelPlaces.has(into) ? this.env.scale.only(c) : 0;
      return level > 0 ? { k: 'value', id: this.values.equalTo(c), mask: level } : { k: 'value', id: this.values.equalTo(c) };
    }
    if (x.k === 'unary' && x.op === '&') return { k: 'value', id: this.values.nonZero };
    if (x.k === 'init' && x.items.every((i) => this.conditions.constant(i.value) === 0)) return { k: 'value', id: this.values.zero };
    if ((x.k === 'binary' && comparisons.has(x.op)) || (x.k === 'unary' && x.op === '!')) return { k: 'cond', cond: this.conditions.compile(x) };
    if (x.k === 'call') return { k: 'unknown' };
    const key = this.frame.key(x);
    const level = this.conditions.levelPlaces.has(into) || this.frame.levelCopies.has(into);
    if (key >= 0 && level) this.conditions.levelPlaces.add(key);
    return key < 0 ? { k: 'unknown' } : { k: 'copy', key, level };
  }

  private finishSet({ op, place, text, target, value }: PendingSet): void {
    const kills = this.affected(place, text);
    const local = place?.k === 'name' && this.frame.isLocal(place.name) ? place.name : undefined;
    if (value) op.equal = this.conditions.equality(target, value);
    op.kills = kills;
    for (const k of kills) this.frame.written.add(k);
    op.forgets = op.value.k === 'unknown' || op.value.k === 'cond' || !kills.includes(op.key) ? kills : kills.filter((k) => k !== op.key);
    op.local = local;
    if (op.value.k === 'unset' && local !== undefined) op.unsets = this.frame.madeOf(local).filter((k) => this.conditions.levelPlaces.has(k));
  }

  /** Keys that a write to a place makes doubtful: facts and saved levels. All keys are made by now. */
  private affected(r: Expr | undefined, text: string | undefined): readonly number[] {
    if (r === undefined || text === undefined) return none;
    // Copies: demands of callees that are asked for later make more keys.
    if (r.k === 'name') return this.frame.madeOf(r.name).slice();
    if (r.k === 'field') {
      const same = this.frame.withField(r.name);
      return same.length === 0 ? none : same.filter((k) => this.frame.keys[k]!.tag === '');
    }
    const own: number[] = [];
    for (const k of this.frame.keys) if (k.tag === '' && k.text.includes(text)) own.push(k.id);
    return own;
  }

  // --- calls ----------------------------------------------------------------------------------------

  private call(e: CallExpr, target: Expr | undefined): void {
    const fn = this.env.project.calleeOf(e, this.frame.fn);
    if (fn && (fn.def || this.env.declaredOf(fn))) {
      this.callee(fn, e.args, Binder.receiver(e), e.start, e.end, e, target);
      return;
    }
    const name = this.env.project.calleeName(e, this.frame.file);
    const meaning = name === undefined ? undefined : meaningOf(name);
    const op = this.newCall(e, name ?? 'a function', e.args, target);
    if (meaning) this.known(op, meaning, e, target);
    this.push(op);
  }

  private push(op: CallOp): void {
    if (op.contract || op.act || op.callee || op.passes.length > 0 || op.marks.length > 0) this.out.push(op);
    else if (op.target) this.out.push(op.target);
  }

  private newCall(call: CallExpr | undefined, name: string, args: readonly Expr[], target: Expr | undefined, at?: { start: number; end: number }): CallOp {
    const place = at ?? call!;
    const op: CallOp = {
      k: 'call', name, start: place.start, end: place.end, call, target: target && this.newSet(target, undefined), result: -1, kills: none, forgets: none,
      contract: undefined, act: undefined, callee: undefined, marks: none, passes: addressed(args),
    };
    const written = writtenBy(args);
    if (target || written.length > 0) this.calls.push({ op, written, target });
    return op;
  }

  private known(op: CallOp, m: Meaning, e: CallExpr, target: Expr | undefined): void {
    const contract = m.effect && m.changes && m.effect.effect !== 'conditional-raise' ? this.contracts.ofEffect(m.effect) : m.row ? this.contracts.ofRow(m.row, e.args) : undefined;
    if (contract) op.contract = contract;
    if (m.special) this.special(op, m, e, target);
    else if (m.effect) this.effect(op, m.effect, e, target);
  }

  private special(op: CallOp, m: Meaning, e: CallExpr, target: Expr | undefined): void {
    const s = m.special!;
    if (s.k === 'current') {
      op.act = { k: 'current' };
      this.conditions.asksLevel = true;
      if (target) this.levelResult(target);
    }
    if (s.k === 'paged') op.contract = { allowed: this.env.scale.known(0, 1), doubtful: 0, source: 'paged' };
    else if (s.k === 'assert') {
      const cond = e.args[s.arg];
      op.contract = undefined;
      if (cond) op.act = { k: 'assume', cond: this.conditions.compile(cond), needs: e.callee.k !== 'name' || !isAssumption(e.callee.name) };
    } else if (s.k !== 'current') {
      const key = e.args[s.arg] ? this.frame.pointee(e.args[s.arg]!, 'float') : -1;
      if (key >= 0) op.act = { k: 'float', key, restores: s.k === 'float-restore' };
    }
  }

  /** A call's result that is a level goes to a place. */
  private levelResult(target: Expr): void {
    const key = this.frame.targetKey(target);
    this.conditions.levelPlaces.add(key);
    this.frame.levelCopies.add(key);
  }

  private effect(op: CallOp, effect: IrqlEffect, e: CallExpr, target: Expr | undefined): void {
    const act = this.actOf(effect, e, target);
    if (!act) return;
    op.act = act;
    if (act.k === 'acquire') this.acquires.add(act.lock.key);
  }

  private actOf(x: IrqlEffect, e: CallExpr, target: Expr | undefined): Act | undefined {
    const m = meaningOf(x.name)!;
    switch (x.effect) {
      case 'raise': return this.raise(x, e, target);
      case 'lower': {
        const above = x.currentArg === undefined ? undefined : e.args[x.currentArg];
        return { k: 'lower', to: this.restored(x, e) ?? { k: 'unknown' }, above: above && this.conditions.levelOf(above) };
      }
      case 'acquire': return m.changes ? this.acquire(x, e, target) : undefined;
      case 'release': return m.changes ? this.release(x, e) : undefined;
      case 'conditional-raise': {
        const arg = x.raisesWhen && e.args[x.raisesWhen.arg];
        return x.raisesWhen ? { k: 'pending', to: this.scaleMask(x), when: this.contracts.test(x.raisesWhen.test, arg) } : undefined;
      }
      default: return x.blocks ? { k: 'wait' } : undefined;
    }
  }

  private scaleMask(x: IrqlEffect): Mask {
    const range = x.to === undefined ? undefined : targetRange(x.to, this.env.scale.arch);
    return range ? this.env.scale.known(range.min, range.max) : this.env.scale.known(2, 2);
  }

  private raise(x: IrqlEffect, e: CallExpr, target: Expr | undefined): Act {
    let to: LevelExpr = { k: 'unknown' };
    if (typeof x.to === 'object' && !('byName' in x.to) && e.args[x.to.arg]) to = this.level(e.args[x.to.arg]!);
    else if (x.to !== undefined && typeof x.to !== 'object') to = { k: 'mask', mask: this.scaleMask(x) };
    return { k: 'raise', to, saves: this.saveKeys(x, e, target)[0] ?? -1, sameAsCurrent: to.k === 'current' };
  }

  private level(e: Expr): LevelExpr {
    const l = this.conditions.levelOf(e);
    if (l.k === 'place') this.conditions.levelPlaces.add(l.key);
    return l;
  }

  private saveKeys(x: IrqlEffect, e: CallExpr, target: Expr | undefined): number[] {
    const s = x.saves;
    if (!s) return [];
    const arg = e.args[s.index];
    if (s.kind === 'return' && target) this.levelResult(target);
    const key = s.kind === 'return' ? (target ? this.frame.targetKey(target) : -1) : !arg ? -1 : s.kind === 'arg' ? this.frame.pointee(arg) : s.kind === 'handle' ? this.frame.key(arg, 'handle') : this.frame.key(arg, 'lock');
    if (key >= 0) this.conditions.levelPlaces.add(key);
    return key >= 0 ? [key] : [];
  }

  private restored(x: IrqlEffect, e: CallExpr): LevelExpr | undefined {
    const r = x.restores;
    const arg = r && e.args[r.index];
    if (!r || !arg || r.kind === 'apc-state') return undefined;
    if (r.kind === 'arg') return this.level(arg);
    const key = this.frame.key(arg, r.kind === 'handle' ? 'handle' : 'lock');
    return key < 0 ? { k: 'unknown' } : { k: 'place', key };
  }

  private lock(x: IrqlEffect, e: CallExpr): LockOp {
    const ref = x.lock;
    const arg = ref && 'index' in ref ? e.args[ref.index] : undefined;
    let key = -1;
    let text = '';
    if (ref && 'name' in ref) {
      key = this.frame.named(ref.name, 'global');
      text = `the ${ref.name} spin lock`;
    } else if (arg && ref) {
      key = this.frame.key(arg, ref.kind === 'handle' ? 'handle' : 'lock');
      text = key < 0 ? '' : this.frame.keys[key]!.text.replace(/^(?:lock|handle):/, '');
    }
    const modeArg = x.modeArg === undefined ? undefined : e.args[x.modeArg] && this.conditions.constant(e.args[x.modeArg]!);
    const mode = x.mode ?? (typeof modeArg === 'number' ? (modeArg ? 'exclusive' : 'shared') : '');
    const handleArg = x.handle === undefined ? undefined : e.args[x.handle];
    return { key, text, family: x.family, mode, spin: x.spin, handle: handleArg ? this.frame.key(handleArg, 'handle') : -1 };
  }

  /** The variant in force: a constant flag decides, an object's configuration is not known when the project uses it. */
  private changes(x: IrqlEffect, e: CallExpr): boolean | 'maybe' {
    for (const v of x.variants) {
      if (v.when.kind === 'object') {
        const used = v.when.state === 'passive-execution' ? this.env.passiveObjects.execution : this.env.passiveObjects.interrupt;
        if (used) return 'maybe';
        continue;
      }
      if (v.changesIrql === x.changesIrql) continue;
      const holds = this.contracts.test(v.when.test, e.args[v.when.arg])({ facts: [] } as never);
      if (holds === true) return v.changesIrql;
      // A variant for callers who are at the level already: after it the level is the same, and going back leads to where they were.
      if (holds === undefined && v.changesIrql === false && v.requires.min >= 2) return true;
      if (holds === undefined) return 'maybe';
    }
    return x.changesIrql;
  }

  private acquire(x: IrqlEffect, e: CallExpr, target: Expr | undefined): Act {
    const raises = this.changes(x, e);
    const saves = this.saveKeys(x, e, target);
    let to = this.scaleMask(x);
    if (typeof x.to === 'object' && 'byName' in x.to) {
      const arg = e.args[x.to.arg] && uncast(e.args[x.to.arg]!);
      const named = arg?.k === 'name' ? x.to.byName[arg.name] : undefined;
      to = named === undefined ? 0 : named === 'DIRQL' ? this.env.scale.device : this.env.scale.known(named, named);
    }
    const always = x.tryWhen?.unless && this.contracts.test(x.tryWhen.unless.test, e.args[x.tryWhen.unless.arg])({ facts: [] } as never) === true;
    return { k: 'acquire', lock: this.lock(x, e), to, raises: raises && to === 0 ? 'maybe' : raises, saves, marks: raises === false && x.changesIrql, ...(x.tryWhen && !always && { onlyIf: x.tryWhen.when }) };
  }

  private release(x: IrqlEffect, e: CallExpr): Act {
    const restores = this.restored(x, e);
    return { k: 'release', lock: this.lock(x, e), lowers: this.changes(x, e), ...(restores && { restores }) };
  }

  // --- functions of the project -----------------------------------------------------------------------

  private callee(fn: Func, args: readonly Expr[], receiver: Expr | undefined, start: number, end: number, call?: CallExpr, target?: Expr): void {
    const op = this.newCall(call, fn.name, args, target, { start, end });
    const declared = this.env.declaredOf(fn);
    const summary = this.env.summaryOf(fn);
    for (const name of this.frame.slotNames) {
      if (args.some((a) => some(a, (x) => x.k === 'name' && x.name === name))) op.marks = [...op.marks, this.frame.key({ k: 'name', name, start, end })];
    }
    if (declared && declared.conditional.length > 0) op.contract = this.conditional(declared, { fn, args, receiver, result: undefined, names: undefined, start, end });
    else if (declared?.allowed !== undefined) {
      op.contract = { allowed: declared.allowed, doubtful: 0, source: declared.paged ? 'paged' : 'annotation', at: declared };
    }
    const bounds = this.env.boundsOf(fn);
    if (summary.outcomes || summary.demands || declared?.outcome || bounds.floor > 0 || bounds.ceiling < this.env.scale.top) {
      op.callee = this.binder.bind({ fn, args, receiver, result: target, names: undefined, start, end });
      this.readFlags(fn, args);
      for (const o of op.callee.outcomes ?? []) {
        for (const a of o.acquires) this.acquires.add(a.lock.key);
        for (const s of o.saves) this.noteSave(s.key, target);
        if (o.level.k === 'place') this.conditions.levelPlaces.add(o.level.key);
      }
    }
    this.push(op);
  }

  /** Plain variables passed by value: what the callee demands may depend on them. */
  private readFlags(fn: Func, args: readonly Expr[]): void {
    fn.params.forEach((p, i) => {
      const x = args[i] && uncast(args[i]!);
      if (x?.k !== 'name' || !this.frame.isLocal(x.name) || p.type.ptr > 0) return;
      const key = this.frame.key(x);
      if (key >= 0) this.contracts.read.add(key);
    });
  }

  private noteSave(key: number, target: Expr | undefined): void {
    this.conditions.levelPlaces.add(key);
    if (target && this.frame.hasTarget(target) && this.frame.targetKey(target) === key) this.frame.levelCopies.add(key);
  }

  /** Annotations inside `_When_` count where their condition is known to hold. */
  private conditional(declared: Declared, b: Binding): (p: Part) => Contract | undefined {
    const { all } = this.env.scale;
    const tests = declared.conditional.map((c) => ({ ...c, cond: this.conditions.compile(this.binder.inCaller(c.when, b)) }));
    return (p) => {
      let allowed = declared.allowed ?? all;
      let text = declared.text;
      for (const t of tests) {
        if ((t.allowed & allowed) === allowed || this.conditions.decide(p, t.cond) !== true) continue;
        allowed = (allowed & t.allowed) >>> 0;
        text = t.text;
      }
      return allowed === all || allowed === 0 ? undefined : { allowed, doubtful: 0, source: declared.paged && text === '' ? 'paged' : 'annotation', at: { ...declared, text } };
    };
  }
}

/** Objects whose address is passed. */
function writtenBy(args: readonly Expr[]): readonly Expr[] {
  let found: Expr[] | undefined;
  for (const a of args) {
    const x = uncast(a);
    if (x.k === 'unary' && x.op === '&') (found ??= []).push(x.e);
  }
  return found ?? nothing;
}

/** Names of the variables they are or lie in. */
function addressed(args: readonly Expr[]): readonly string[] {
  let found: string[] | undefined;
  for (const e of writtenBy(args)) {
    let root = uncast(e);
    while ((root.k === 'field' && !root.arrow) || root.k === 'index') root = uncast(root.e);
    if (root.k === 'name') (found ??= []).push(root.name);
  }
  return found ?? noNames;
}

function rangeOf(s: Step): { start: number; end: number } {
  if (s.k === 'eval') return s.e;
  return s.k === 'decl' ? s.v : s;
}

/** An operation without any consequence is left out. */
function isNeeded(op: Op): boolean {
  if (op.k === 'return') return true;
  if (op.k === 'call') return op.contract !== undefined || op.act !== undefined || op.callee !== undefined || op.marks.length > 0 || op.kills.length > 0 || op.forgets.length > 0 || (op.target !== undefined && isNeeded(op.target));
  return op.key >= 0 || op.equal !== undefined || op.kills.length > 0 || op.forgets.length > 0 || op.local !== undefined;
}
