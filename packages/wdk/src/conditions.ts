// The contract of a DDI at one call: its documented range narrowed by the conditions that the arguments are known to fulfil. Three
// valued: a condition that cannot be decided narrows nothing and is handed back as undecided.

import { constantOf } from './constants.js';
import { trustedMax, trustedMin, type ArgTest, type Ddi, type DdiCondition } from './ddi.js';

/** What a caller knows about an argument; everything absent is unknown. */
export interface ArgFact {
  /** Its value as an integer; a null pointer is 0. */
  value?: number;
  /** The constant or the ORed flags it is written as: ['PagedPool'], ['POOL_FLAG_NON_PAGED', 'POOL_FLAG_CACHE_ALIGNED']. */
  symbols?: readonly string[];
  /** A pointer that is known not to be null, such as `&x`. */
  nonNull?: boolean;
  /** Integer it points to, or that this is not zero. */
  pointee?: number | 'nonzero';
  /** Whether the memory it points to may be paged out. */
  memory?: 'pageable' | 'nonpaged';
  /** String literal. */
  text?: string;
}

const UNICODE_FORMAT = /%[-+ #0]*(?:\*|[1-9]\d*)?(?:\.(?:\*|\d+))?(?:[CS]|l[cs]|w[cs]|wZ)/;

function valueOf(fact: ArgFact): number | undefined {
  if (fact.value !== undefined) return fact.value;
  let value = 0;
  for (const symbol of fact.symbols ?? []) {
    const one = constantOf(symbol);
    if (one === undefined) return undefined;
    value |= one;
  }
  return fact.symbols?.length ? value >>> 0 : undefined;
}

function isNull(fact: ArgFact): boolean | undefined {
  if (fact.nonNull || fact.pointee !== undefined || fact.text !== undefined) return false;
  const value = valueOf(fact);
  return value === undefined ? undefined : value === 0;
}

const negate = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

function equals(fact: ArgFact, symbol: string): boolean | undefined {
  if (fact.symbols?.length === 1 && fact.symbols[0] === symbol) return true;
  const value = valueOf(fact);
  const wanted = constantOf(symbol);
  return value === undefined || wanted === undefined ? undefined : value === wanted;
}

function hasFlag(fact: ArgFact, symbol: string): boolean | undefined {
  if (fact.symbols?.includes(symbol)) return true;
  const value = valueOf(fact);
  const flag = constantOf(symbol);
  return value === undefined || flag === undefined ? undefined : (value & flag) !== 0;
}

/** Blocking wait: no timeout at all, or one that is not zero. */
function blockingTimeout(fact: ArgFact): boolean | undefined {
  const none = isNull(fact);
  if (none) return true;
  if (fact.pointee === undefined) return undefined;
  return fact.pointee !== 0;
}

/** Whether a test holds for an argument; undefined when that is not known. */
export function testHolds(test: ArgTest, fact: ArgFact): boolean | undefined {
  switch (test.is) {
    case 'null': return isNull(fact);
    case 'non-null': return negate(isNull(fact));
    case 'true': return negate(equalsZero(fact));
    case 'false': return equalsZero(fact);
    case 'pointee-zero': return negate(blockingTimeout(fact));
    case 'null-or-pointee-nonzero': return blockingTimeout(fact);
    case 'memory-pageable': return fact.memory === undefined ? undefined : fact.memory === 'pageable';
    case 'memory-nonpaged': return fact.memory === undefined ? undefined : fact.memory === 'nonpaged';
    case 'format-unicode': return fact.text === undefined ? undefined : UNICODE_FORMAT.test(fact.text.replaceAll('%%', ''));
    case 'eq': return equals(fact, test.symbol);
    case 'ne': return negate(equals(fact, test.symbol));
    case 'has-flag': return hasFlag(fact, test.symbol);
    case 'no-flag': return negate(hasFlag(fact, test.symbol));
  }
}

function equalsZero(fact: ArgFact): boolean | undefined {
  const value = valueOf(fact);
  return value === undefined ? undefined : value === 0;
}

/** Whether a condition holds at a call; any of its arguments suffices. State conditions are never decided. */
export function conditionHolds(condition: DdiCondition, factOf: (arg: number) => ArgFact | undefined): boolean | undefined {
  if (condition.when.is === 'state') return undefined;
  let unknown = condition.args.length === 0;
  for (const arg of condition.args) {
    const fact = factOf(arg);
    const holds = fact === undefined ? undefined : testHolds(condition.when, fact);
    if (holds) return true;
    if (holds === undefined) unknown = true;
  }
  return unknown ? undefined : false;
}

export interface CallContract {
  /** Floor and ceiling an error may rest on; undefined where there is none. */
  min?: number;
  max?: number;
  /** The condition that set the ceiling. */
  because?: DdiCondition;
  /** Conditions that would narrow the range but cannot be decided here. */
  undecided: DdiCondition[];
}

/** The contract of `row` at a call whose arguments `factOf` describes (0-based; undefined = nothing known). */
export function contractAtCall(row: Ddi, factOf: (arg: number) => ArgFact | undefined): CallContract {
  const contract: CallContract = { undecided: [] };
  const min = trustedMin(row);
  const max = trustedMax(row);
  if (min !== undefined) contract.min = min;
  if (max !== undefined) contract.max = max;
  for (const condition of row.conditional) {
    const holds = conditionHolds(condition, factOf);
    const narrows = condition.max !== undefined && (contract.max === undefined || condition.max < contract.max);
    if (holds === undefined && narrows) contract.undecided.push(condition);
    if (!holds) continue;
    if (narrows) {
      contract.max = condition.max;
      contract.because = condition;
    }
    if (condition.min !== undefined) contract.min = Math.max(contract.min ?? 0, condition.min);
  }
  return contract;
}
