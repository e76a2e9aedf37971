// Makes packages/wdk/src/generated/*.ts out of packages/wdk/data/*.json: one text table per source, one line per row,
// columns separated by ';', so that loading is one string literal and a row is decoded when someone asks for it.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const read = (name) => JSON.parse(fs.readFileSync(path.join(root, 'packages/wdk/data', name), 'utf8'));
const unset = '';

/** Applies data/corrections.json: rows that replace, add or drop single properties of one row or of all that match. */
function corrected(rows, key, corrections) {
  const byName = new Map(rows.map((row) => [row[key], row]));
  for (const { name, match, set = {}, unset: drop = [] } of corrections) {
    const names = match ? [...byName.keys()].filter((one) => new RegExp(match).test(one)) : [name];
    for (const one of names) {
      const row = Object.assign(byName.get(one) ?? { [key]: one }, set);
      for (const property of drop) delete row[property];
      byName.set(one, row);
    }
  }
  return [...byName.values()].sort((a, b) => (a[key] < b[key] ? -1 : 1));
}

function cell(text) {
  const value = String(text ?? unset);
  if (/[;\n`\\]|\$\{/.test(value)) throw new Error(`a cell must not contain a separator: ${value}`);
  return value;
}

const line = (...cells) => cells.map(cell).join(';').replace(/;+$/, '');

/** Sorts the lines by their key, by code unit: RowTable finds a row by binary search. */
function sorted(lines) {
  const key = (text) => text.slice(0, text.search(/;|$/));
  return [...lines].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function table(name, source, lines) {
  return `// Generated from packages/wdk/data/${source} by test/tools/generators/wdk.mjs. Do not edit: npm run generate.\n`
    + `export const ${name} = \`${lines.join('\n')}\`;\n`;
}

const KIND = { function: unset, macro: 'm', callback: 'c', method: 'o' };

function functionLine(row) {
  const irql = row.irql;
  const flags = [row.umdfOnly && 'u', row.mustCheck && 'k', irql?.minSuspect && 's', row.soft && 'f'].filter(Boolean).join('');
  const conditions = (irql?.conditional ?? [])
    .map(({ param = unset, when, max = unset, min = unset }) => [param, when, max, min].join('>')).join('&');
  const range = irql ? `${irql.min ?? unset},${irql.max ?? unset}${irql.altMax === undefined ? unset : `,${irql.altMax}`}` : unset;
  const ret = row.ret ?? (row.retGuess ? `?${row.retGuess}` : unset);
  return line(row.name, KIND[row.kind], row.fw, range, flags, conditions, ret, row.params ? `(${row.params.join(',')}` : unset);
}

const bounds = (entry) => [entry.min ?? unset, entry.max ?? unset, entry.default ?? unset, entry.worstMax ?? unset].join(',');

function entryCells(entry) {
  if (!entry) return [unset, unset, unset];
  const byIndex = Object.entries(entry.byIndex ?? {}).map(([name, value]) => `${name}=${bounds(value)}`).join('&');
  const { param, ...values } = entry.byParam ?? {};
  const byParam = param ? `${param}&${Object.entries(values).map(([name, value]) => `${name}=${value}`).join('&')}` : unset;
  return [bounds(entry), byIndex, byParam];
}

const CONF = { medium: 'm', low: 'l' };

/** Pointer types that are not `P` + role; several aliases share one, and the role that is no alias wins. */
function pointerLines(rows) {
  const owners = new Map();
  for (const { role, ptr, aliasOf } of rows) if (ptr !== role && ptr !== `P${role}` && (!aliasOf || !owners.has(ptr))) owners.set(ptr, role);
  return [...owners].map(([ptr, role]) => line(ptr, role));
}

const structName = (name) => name.replace(/^_/, '').replace(/^tag(?=[A-Z])/, '');

/** Where a registration is looked up, and what is found there; a field's name alone leads to the structures that have it. */
function placesOf(role, reg) {
  const conf = CONF[reg.conf] ?? unset;
  const cells = (...values) => values.map((value) => value ?? unset).join('>').replace(/>+$/, unset);
  if (reg.fn) return [[`call ${reg.fn}`, cells(role, reg.idx, conf, reg.when, reg.entry && bounds(reg.entry))]];
  if (reg.method) {
    const [struct, method] = reg.method.split('.');
    const found = cells(role, reg.idx, conf);
    return [[`method ${struct}.${method}`, found], [`methods ${method}`, struct]];
  }
  if (reg.struct) {
    const found = cells(role, reg.field, conf, reg.pos, reg.path);
    return [[`struct ${structName(reg.struct)}`, found], [`field ${reg.field}`, structName(reg.struct)]];
  }
  if (reg.array) return [['array MajorFunction', cells(role, Array.isArray(reg.index) ? reg.index.join(' ') : '*', conf)]];
  return [[`name ${reg.byName}`, cells(role, conf)]];
}

/** An alias counts where it is the only one (MINIPORT_SET_OPTIONS); the context callbacks share their fields with the base role. */
function placeLines(rows) {
  const byRole = new Map(rows.map((row) => [row.role, row]));
  const places = new Map();
  for (const row of rows) {
    const base = byRole.get(row.aliasOf);
    for (const reg of row.reg ?? []) {
      if (base?.reg?.some((other) => other.struct === reg.struct && other.field === reg.field && other.fn === reg.fn)) continue;
      for (const [key, found] of placesOf(row.role, reg)) places.set(key, [...(places.get(key) ?? []), found]);
    }
  }
  return [...places].map(([key, found]) => line(key, [...new Set(found)].join('&')));
}

function roleLine(row) {
  const flags = [row.umdfOnly && 'u', row.exitSame === false && 'x'].filter(Boolean).join('');
  const ptr = row.ptr === row.role ? '=' : row.ptr === `P${row.role}` ? unset : row.ptr;
  return line(row.role, ptr, row.fw, ...entryCells(row.entry), flags, row.aliasOf, row.ret, row.params ? `(${row.params.join(',')}` : unset);
}

/** Names that only some of the scanned code bases define are left to the shape rules of annotations.ts. */
function annotationLines() {
  const groups = new Map();
  for (const { name, kind, args } of read('annotations.json').macros) {
    if (kind === 'other') continue;
    const key = `${kind}${args === 'never' ? unset : '()'}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, names]) => line(key, names.sort().join(' ')));
}

/** Every type name that a prototype of the tables mentions, without stars, qualifiers and tags. */
function seenTypes(rows) {
  const texts = rows.flatMap((row) => [row.ret, ...(row.params ?? []).map((param) => param.split(':')[1])]);
  const names = texts.filter(Boolean).map((text) => text.replace(/\b(?:const|CONST|volatile|struct|enum|union)\b|[*[\]]/g, ' ').trim().replace(/^_(?=[A-Z])/, ''));
  return [...new Set(names.filter((name) => /^[A-Z]\w+$/.test(name) && !/DDIV?$/.test(name)))].sort();
}

/** Typedefs that the rule `PX` = `X *` (X a listed record or typedef) does not give. */
function irregularTypedefs({ types, records }) {
  const known = new Set([...records, ...Object.keys(types)]);
  const plain = (text) => text.replace(/\b(?:struct|union|enum)\s+_*/, '');
  const byRule = ([name, text]) => /^P(?!FN)/.test(name) && known.has(name.slice(1)) && plain(text) === `${name.slice(1)}*`;
  return Object.entries(types).filter((one) => !byRule(one)).map(([name, text]) => `${name};${text}`);
}

/** Argument counts of the annotation macros, one line per count. */
function salLines({ macros }) {
  const byCount = new Map();
  for (const [name, count] of Object.entries(macros)) byCount.set(count, [...(byCount.get(count) ?? []), name]);
  return [...byCount].sort(([a], [b]) => a - b).map(([count, names]) => line(count, names.sort().join(' ')));
}

/** One line per structure; 'field:type' pairs as in the data. */
const fieldLines = ({ records }) => Object.entries(records).map(([name, fields]) => line(name, fields));

const json = (value) => JSON.stringify(value).replace(/[`\\]|\$\{/g, (bad) => `\\${bad}`);

export function generate() {
  const corrections = read('corrections.json');
  const functions = corrected(read('functions.json').functions, 'name', corrections.functions);
  const roles = read('roles.json');
  const roleRows = corrected(roles.roles, 'role', corrections.roles);
  const effects = corrected(read('irql-effects.json').effects, 'name', corrections.effects);
  const { docs: _docs, ...resapi } = read('resapi.json');
  const typedefs = read('typedefs.json');
  const at = (name) => `packages/wdk/src/generated/${name}.ts`;
  return new Map([
    [at('functions'), table('FUNCTIONS', 'functions.json', sorted(functions.map(functionLine)))],
    [at('roles'), table('ROLES', 'roles.json', sorted(roleRows.map(roleLine))) + table('POINTERS', 'roles.json', sorted(pointerLines(roleRows)))],
    [at('places'), table('PLACES', 'roles.json', sorted(placeLines(roleRows)))],
    [at('os-provided'), table('OS_PROVIDED', 'roles.json', sorted(roles.osProvided))],
    [at('seen-types'), table('SEEN_TYPES', 'functions.json and roles.json', sorted(seenTypes([...functions, ...roleRows])))],
    [at('typedefs'), table('TYPEDEFS', 'typedefs.json', sorted(irregularTypedefs(typedefs)))
      + table('RECORDS', 'typedefs.json', sorted(typedefs.records))],
    [at('fields'), table('FIELDS', 'fields.json', sorted(fieldLines(read('fields.json'))))],
    [at('effects'), table('EFFECTS', 'irql-effects.json', sorted(effects.map((row) => `${row.name};${json(row)}`)))],
    [at('levels'), table('LEVELS', 'levels.json', [json(read('levels.json'))])],
    [at('annotations'), table('ANNOTATIONS', 'annotations.json', annotationLines()) + table('SAL_ARGS', 'sal.json', salLines(read('sal.json')))],
    [at('resapi'), table('RESAPI', 'resapi.json', [json(resapi)])],
  ]);
}
