// What is known about the value of a variable or condition on a path: equal to a constant, different from some, success or failure
// of a status. Values are numbered, so that states compare and join cheaply.

/** A number, or the name of a constant whose number is not known. */
export type Constant = number | string;

export interface Value {
  readonly eq?: Constant;
  /** Excluded constants. */
  readonly ne?: readonly Constant[];
  /** 1: not negative (NT_SUCCESS holds), -1: negative. */
  readonly sign?: 1 | -1;
}

export type ValueId = number;

/** More than a project ever has: two numbers make one key. */
const maxValues = 2 ** 26;
/** Most constants remembered as excluded. */
const maxExcluded = 6;

const signOf = (c: Constant): 1 | -1 | undefined => (typeof c === 'number' ? ((c | 0) < 0 ? -1 : 1) : undefined);

/** All values that occur in the functions of a project. */
export class Values {
  private readonly ids = new Map<string, ValueId>();
  private readonly equal = new Map<Constant, ValueId>();
  private readonly other = new Map<Constant, ValueId>();
  /** Numbers of the values handed out. */
  private readonly own = new Map<Value, ValueId>();
  private readonly list: Value[] = [];
  private readonly meets = new Map<number, ValueId>();
  private readonly joins = new Map<number, ValueId>();
  readonly zero = this.of({ eq: 0 });
  readonly nonZero = this.of({ ne: [0] });
  readonly success = this.of({ sign: 1 });
  readonly failure = this.of({ sign: -1 });

  equalTo(c: Constant): ValueId {
    let id = this.equal.get(c);
    if (id === undefined) this.equal.set(c, (id = this.of({ eq: c })));
    return id;
  }

  otherThan(c: Constant): ValueId {
    let id = this.other.get(c);
    if (id === undefined) this.other.set(c, (id = this.of({ ne: [c] })));
    return id;
  }

  of(v: Value): ValueId {
    return this.own.get(v) ?? this.find(v);
  }

  private find(v: Value): ValueId {
    const sign = v.eq !== undefined ? signOf(v.eq) ?? v.sign : v.sign;
    const ne = v.eq !== undefined ? undefined : v.ne && [...new Set(v.ne)].sort().slice(0, maxExcluded);
    const text = `${typeof v.eq}${String(v.eq)}|${(ne ?? []).map((c) => typeof c + String(c)).join(',')}|${String(sign)}`;
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.list.length;
      this.ids.set(text, id);
      const value: Value = { ...(v.eq !== undefined && { eq: v.eq }), ...(ne && ne.length > 0 && { ne }), ...(sign !== undefined && { sign }) };
      this.list.push(value);
      this.own.set(value, id);
    }
    return id;
  }

  get(id: ValueId): Value {
    return this.list[id]!;
  }

  /** Both hold; -1 when they cannot. */
  meet(a: ValueId, b: ValueId): ValueId {
    if (a === b) return a;
    const key = a * maxValues + b;
    let id = this.meets.get(key);
    if (id === undefined) this.meets.set(key, (id = this.computeMeet(this.get(a), this.get(b))));
    return id;
  }

  private computeMeet(a: Value, b: Value): ValueId {
    if (a.sign !== undefined && b.sign !== undefined && a.sign !== b.sign) return -1;
    const sign = a.sign ?? b.sign;
    if (a.eq !== undefined || b.eq !== undefined) {
      const eq = a.eq ?? b.eq!;
      if (a.eq !== undefined && b.eq !== undefined && differ(a.eq, b.eq) === true) return -1;
      if (a.ne?.includes(eq) || b.ne?.includes(eq)) return -1;
      if (a.eq !== undefined && b.eq !== undefined && a.eq !== b.eq) return this.of({ eq: typeof a.eq === 'number' ? a.eq : b.eq, sign });
      return this.of({ eq, sign });
    }
    return this.of({ ne: [...(a.ne ?? []), ...(b.ne ?? [])], sign });
  }

  /** Either holds; -1 when that says nothing. */
  join(a: ValueId, b: ValueId): ValueId {
    if (a === b) return a;
    const key = a * maxValues + b;
    let id = this.joins.get(key);
    if (id === undefined) this.joins.set(key, (id = this.computeJoin(this.get(a), this.get(b))));
    return id;
  }

  private computeJoin(a: Value, b: Value): ValueId {
    const ne = [...excludedBy(a, b), ...excludedBy(b, a)];
    const sign = a.sign === b.sign ? a.sign : undefined;
    if (ne.length === 0 && sign === undefined) return -1;
    return this.of({ ne, sign });
  }
}

/** True: two constants are different numbers; undefined: not known. Status names differ when they are different names. */
function differ(a: Constant, b: Constant): boolean | undefined {
  if (typeof a === typeof b) return a !== b;
  return undefined;
}

/** Constants that `a` excludes and `b` cannot be either. */
function excludedBy(a: Value, b: Value): Constant[] {
  return (a.ne ?? []).filter((c) => (b.eq !== undefined ? differ(b.eq, c) === true : b.ne?.includes(c) ?? false));
}
