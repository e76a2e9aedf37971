// What is known at a point of one path: values by location, constraints on symbols. A location is a path of names that starts at a
// local (`f3:x`), a global (`::x`), or what a symbol points to (`f3:p*`): `f3:p*.Worker`. Unwritten locations hold their own symbol.
// Names with a leading `@` are facts of the analysis that walks the paths; an absent fact is ''.

import { constant, sameVal, symbol, union, valText, type Const, type Constraint, type Val } from './value.js';

const MAX_LOCATION = 120;

export class State {
  private textCache?: string;

  private constructor(
    private readonly vars: ReadonlyMap<string, Val>,
    private readonly constraints: ReadonlyMap<string, Constraint>,
  ) {}

  static readonly empty = new State(new Map(), new Map());

  private with(vars: ReadonlyMap<string, Val>, constraints = this.constraints): State {
    return new State(vars, constraints);
  }

  fact(name: string): Val {
    return this.vars.get(`@${name}`) ?? constant('');
  }

  /** The single text of a fact, '' when unset, undefined when paths with different ones were joined. */
  factText(name: string): string | undefined {
    const v = this.fact(name);
    return v.k === 'set' && v.c.length === 1 ? String(v.c[0]) : undefined;
  }

  setFact(name: string, v: Val | string): State {
    const value = typeof v === 'string' ? constant(v) : v;
    const key = `@${name}`;
    if (sameVal(this.vars.get(key), value)) return this;
    const vars = new Map(this.vars);
    vars.set(key, value);
    return this.with(vars);
  }

  facts(): string[] {
    return [...this.vars.keys()].filter((k) => k.startsWith('@')).map((k) => k.slice(1));
  }

  read(loc: string): Val {
    const v = this.vars.get(loc);
    if (v) return v;
    return this.zeroed(loc) ? constant(0) : symbol(loc);
  }

  private zeroed(loc: string): boolean {
    for (let at = loc.length; (at = lastBreak(loc, at)) > 0;) if (this.vars.has(`${loc.slice(0, at)}!zero`)) return true;
    return false;
  }

  write(loc: string, v: Val): State {
    if (loc.length > MAX_LOCATION) return this;
    const vars = this.without(loc);
    vars.set(loc, v);
    return this.with(vars);
  }

  /** The object and everything inside it holds zeros. */
  zero(loc: string): State {
    const vars = this.without(loc);
    vars.set(`${loc}!zero`, constant(1));
    vars.set(loc, constant(0));
    return this.with(vars);
  }

  /** The location and what is inside it got values nobody knows; `where` names them. */
  forget(loc: string, where: string): State {
    const inside = [...this.vars.keys()].filter((k) => isInside(k, loc));
    if (loc.length > MAX_LOCATION) return this;
    const vars = new Map(this.vars);
    const fresh = `${loc}@${where}`;
    for (const k of inside) {
      vars.delete(k);
      if (!k.endsWith('!zero')) vars.set(k, symbol(`${k}@${where}`));
    }
    vars.set(loc, symbol(fresh));
    const constraints = new Map([...this.constraints].filter(([id]) => !id.endsWith(`@${where}`) || !isInside(id, loc)));
    return this.with(vars, constraints);
  }

  private without(loc: string): Map<string, Val> {
    const vars = new Map(this.vars);
    for (const k of this.vars.keys()) if (isInside(k, loc)) vars.delete(k);
    return vars;
  }

  /** Constants a value may be, or undefined when there is no bound. */
  known(v: Val): readonly Const[] | undefined {
    return v.k === 'set' ? v.c : this.constraints.get(v.id)?.is;
  }

  excluded(v: Val): readonly Const[] {
    return v.k === 'set' ? [] : this.constraints.get(v.id)?.not ?? [];
  }

  /** The state under the condition that `v` is (or is not) one of `set`; undefined when that cannot be. */
  assume(v: Val, set: readonly Const[], positive: boolean): State | undefined {
    const known = this.known(v);
    if (known) {
      const left = known.filter((c) => set.includes(c) === positive);
      if (left.length === 0) return undefined;
      return v.k === 'set' || left.length === known.length ? this : this.constrain(v.id, { is: left });
    }
    const not = this.excluded(v);
    const id = (v as { id: string }).id;
    if (positive) {
      const left = set.filter((c) => !not.includes(c));
      return left.length === 0 ? undefined : this.constrain(id, { is: left });
    }
    if (set.every((c) => not.includes(c))) return this;
    return this.constrain(id, { not: [...new Set([...not, ...set])].slice(0, 6) });
  }

  constrain(id: string, c: Constraint): State {
    const constraints = new Map(this.constraints);
    constraints.set(id, c);
    return this.with(this.vars, constraints);
  }

  /** Narrows the value stored at a location as well, when it is a set of constants. */
  narrow(loc: string | undefined, left: readonly Const[]): State {
    const v = loc === undefined ? undefined : this.vars.get(loc);
    if (!loc || v?.k !== 'set' || v.c.length === left.length) return this;
    const vars = new Map(this.vars);
    vars.set(loc, constant(...left));
    return this.with(vars);
  }

  /** Drops the locations that no later decision reads, and the constraints that only they made matter. */
  prune(keep: (loc: string) => boolean): State {
    let vars: Map<string, Val> | undefined;
    for (const k of this.vars.keys()) {
      if (k.startsWith('@') || keep(k)) continue;
      (vars ??= new Map(this.vars)).delete(k);
    }
    const held = new Set<string>();
    for (const v of (vars ?? this.vars).values()) if (v.k === 'sym') held.add(v.id);
    let constraints: Map<string, Constraint> | undefined;
    for (const id of this.constraints.keys()) {
      if (held.has(id) || keep(baseOf(id))) continue;
      (constraints ??= new Map(this.constraints)).delete(id);
    }
    return vars || constraints ? this.with(vars ?? this.vars, constraints ?? this.constraints) : this;
  }

  join(other: State, where: string): State {
    const vars = new Map<string, Val>();
    for (const k of new Set([...this.vars.keys(), ...other.vars.keys()])) {
      const fact = k.startsWith('@');
      const a = this.vars.get(k) ?? (fact ? constant('') : this.read(k));
      const b = other.vars.get(k) ?? (fact ? constant('') : other.read(k));
      vars.set(k, this.joinVal(a, b, other, `${k}@join${where}`, fact));
    }
    const constraints = new Map<string, Constraint>();
    for (const [id, c] of this.constraints) {
      const d = other.constraints.get(id);
      const both = d && joinConstraint(c, d);
      if (both) constraints.set(id, both);
    }
    return new State(vars, constraints);
  }

  private joinVal(a: Val, b: Val, other: State, fresh: string, fact: boolean): Val {
    if (sameVal(a, b)) return a;
    const x = this.known(a);
    const y = other.known(b);
    const all = x && y && union(x, y);
    if (all) return constant(...all);
    return fact && x && y ? constant(...new Set([...x, ...y])) : symbol(fresh);
  }

  /** Text that is equal for equal states. */
  text(): string {
    return this.textCache ??= [
      ...[...this.vars].map(([k, v]) => `${k}=${valText(v)}`).sort(),
      ...[...this.constraints].map(([id, c]) => `${id}${c.is ? `:${[...c.is].map(String).sort().join()}` : `!${[...(c.not ?? [])].map(String).sort().join()}`}`).sort(),
    ].join(';');
  }
}

function joinConstraint(a: Constraint, b: Constraint): Constraint | undefined {
  if (a.is && b.is) {
    const is = union(a.is, b.is);
    return is && { is };
  }
  const not = (a.not ?? []).filter((c) => b.is ? !b.is.includes(c) : b.not?.includes(c));
  const more = a.is ? (b.not ?? []).filter((c) => !a.is!.includes(c)) : [];
  const all = [...new Set([...not, ...more])];
  return all.length > 0 ? { not: all } : undefined;
}

function lastBreak(loc: string, before: number): number {
  for (let i = before - 1; i > 0; i--) if (loc[i] === '.' || loc[i] === '[') return i;
  return -1;
}

/** `k` is `loc` or lies inside it, or is reached through the pointer stored there. */
export function isInside(k: string, loc: string): boolean {
  return k.startsWith(loc) && (k.length === loc.length || '.[!'.includes(k[loc.length]));
}

/** Location a symbol was first read from. */
export function baseOf(id: string): string {
  const at = id.indexOf('@');
  return at < 0 ? id : id.slice(0, at);
}
