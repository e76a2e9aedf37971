// Contracts of the functions and macros a driver may call: allowed IRQL range, conditions on arguments, parameters, result.
// From data/functions.json (Microsoft's DDI pages as facts, WDF headers, mingw-w64 and phnt prototypes). A row that is doubtful
// says so; `trustedMax` and `trustedMin` are what a rule may report an error on.

import { FUNCTIONS } from './generated/functions.js';
import { HIGH } from './levels.js';
import { RowTable } from './row-table.js';

/** A condition on one argument (`args` of the condition) that can be decided at the call site, as far as the argument is known. */
export type ArgTest =
  | { is: 'null' | 'non-null' | 'true' | 'false' | 'pointee-zero' | 'null-or-pointee-nonzero' }
  | { is: 'memory-pageable' | 'memory-nonpaged' | 'format-unicode' }
  | { is: 'eq' | 'ne' | 'has-flag' | 'no-flag'; symbol: string };

/** A condition that needs the state of an object, a release or a configuration: never decided by a call alone. */
export interface StateTest {
  is: 'state';
  /** As in the table: `options-flag:WDF_REQUEST_SEND_OPTION_SYNCHRONOUS`, `passive-level-interrupt`, `os<VISTA`. */
  text: string;
  /** What must be known: `options-flag`, `passive-level-interrupt`, `os`; and the symbol it is compared with. */
  state: string;
  symbol?: string;
}

export interface DdiCondition {
  when: ArgTest | StateTest;
  /** 0-based arguments the test applies to (any of them makes it hold); empty for a StateTest without one. */
  args: number[];
  /** Name of the parameter as documented, `a|b` for either. */
  param?: string;
  /** Level ceiling / floor while the condition holds. */
  max?: number;
  min?: number;
}

export interface DdiParam { name: string; type?: string }

export interface Ddi {
  name: string;
  kind: 'function' | 'macro' | 'callback' | 'method';
  /** Framework: wdm, wdf, ndis, fltmgr, storport, ... */
  fw: string;
  /** False: the documentation says nothing about levels, and min and max are just the ends of the scale. */
  irqlKnown: boolean;
  /** Lowest and highest level, amd64 scale; 0 and 15 when there is no limit. */
  min: number;
  max: number;
  /** Another source gives this ceiling: report only above the higher of both. */
  altMax?: number;
  /** The ceiling is about paged tables or literals and is often exceeded without harm: information, not a warning. */
  soft?: boolean;
  /** The documented minimum is likely a lost `<=`: never report a call below it. */
  minSuspect?: boolean;
  conditional: DdiCondition[];
  params: DdiParam[];
  /** False when the parameter list is not known at all. */
  paramsKnown: boolean;
  variadic: boolean;
  ret?: string;
  /** False: the result type was inferred from the page, about 2 % wrong; absent result is not sure either. */
  retSure: boolean;
  /** The result must be looked at (`_Check_return_`, `_Must_inspect_result_`). */
  mustCheck: boolean;
  umdfOnly: boolean;
}

const KINDS: Readonly<Record<string, Ddi['kind']>> = { m: 'macro', c: 'callback', o: 'method' };
const TESTS = new Set(['null', 'non-null', 'true', 'false', 'pointee-zero', 'null-or-pointee-nonzero', 'memory-pageable',
  'memory-nonpaged', 'format-unicode']);
const SYMBOL_TESTS = new Set(['eq', 'ne', 'has-flag', 'no-flag']);

/** Reads the condition vocabulary of the tables (`has-flag:POOL_FLAG_PAGED`, `true`, ...). */
export function parseTest(text: string): ArgTest | StateTest {
  if (TESTS.has(text)) return { is: text } as ArgTest;
  const colon = text.indexOf(':');
  const head = text.slice(0, colon);
  if (colon > 0 && SYMBOL_TESTS.has(head)) return { is: head, symbol: text.slice(colon + 1) } as ArgTest;
  const [, state, symbol] = /^([\w-]+?)(?:[:<](.+))?$/.exec(text) ?? [text, text];
  return { is: 'state', text, state, ...(symbol ? { symbol } : {}) };
}

export function parseParam(text: string): DdiParam {
  const colon = text.indexOf(':');
  return colon < 0 ? { name: text } : { name: text.slice(0, colon), type: text.slice(colon + 1) };
}

function parseCondition(text: string, params: DdiParam[]): DdiCondition {
  const [param, when, max, min] = text.split('>');
  const names = param ? param.split('|') : [];
  return {
    when: parseTest(when),
    args: names.map((name) => params.findIndex((one) => one.name === name)).filter((index) => index >= 0),
    ...(param ? { param } : {}), ...(max ? { max: Number(max) } : {}), ...(min ? { min: Number(min) } : {}),
  };
}

function decode([name, kind, fw, range = '', flags = '', conditions = '', ret = '', list = '']: string[]): Ddi {
  const texts = list.slice(1).split(',').filter((text) => text !== '');
  const params = texts.filter((text) => text !== '...').map(parseParam);
  const [min, max, altMax] = range.split(',');
  return {
    name, kind: KINDS[kind] ?? 'function', fw,
    irqlKnown: range !== '',
    min: Number(min || 0), max: max ? Number(max) : HIGH,
    ...(altMax ? { altMax: Number(altMax) } : {}), ...(flags.includes('s') ? { minSuspect: true } : {}),
    ...(flags.includes('f') ? { soft: true } : {}),
    conditional: conditions ? conditions.split('&').map((one) => parseCondition(one, params)) : [],
    params, paramsKnown: list !== '', variadic: texts.includes('...'),
    ...(ret ? { ret: ret.replace('?', '') } : {}), retSure: ret !== '' && !ret.startsWith('?'),
    mustCheck: flags.includes('k'), umdfOnly: flags.includes('u'),
  };
}

const table = new RowTable(FUNCTIONS, decode);
const common = new Map<string, Ddi | undefined>();

/** `FwpsXxx` -> what all of FwpsXxx0..3 have in common: the macro of that name picks one of them. */
function versioned(name: string): Ddi | undefined {
  if (!/^Fwp[smp]\w*[A-Za-z]$/.test(name)) return undefined;
  const rows = [0, 1, 2, 3].map((digit) => table.get(`${name}${digit}`)).filter((row) => row !== undefined);
  const [first] = rows;
  if (!first) return undefined;
  const max = Math.max(...rows.map((row) => row.max));
  const min = Math.min(...rows.map((row) => row.min));
  const same = rows.every((row) => row.params.length === first.params.length);
  return { ...first, name, kind: 'macro', min, max, irqlKnown: rows.every((row) => row.irqlKnown), ...(same ? {} : { params: [], paramsKnown: false }) };
}

/** The contract of a function or macro by its name; methods are named `IInterface::Method`. */
export function ddi(name: string): Ddi | undefined {
  const row = table.get(name);
  if (row) return row;
  if (!name.startsWith('Fwp')) return undefined;
  if (!common.has(name)) common.set(name, versioned(name));
  return common.get(name);
}

export function ddiNames(): readonly string[] {
  return table.keys();
}

/** The ceiling a warning may rest on, or undefined when there is none that can be trusted; `soft` ones are still given. Conditions are not looked at. */
export function trustedMax(row: Ddi): number | undefined {
  if (!row.irqlKnown) return undefined;
  const max = Math.max(row.max, row.altMax ?? 0);
  return max >= HIGH ? undefined : max;
}

/** The floor an error may rest on, or undefined. */
export function trustedMin(row: Ddi): number | undefined {
  return row.irqlKnown && !row.minSuspect && row.min > 0 ? row.min : undefined;
}

/** The result type when it comes from a prototype. */
export function trustedRet(row: Ddi): string | undefined {
  return row.retSure ? row.ret : undefined;
}
