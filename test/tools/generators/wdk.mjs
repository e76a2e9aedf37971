// Makes packages/wdk/src/generated/*.ts out of packages/wdk/data/*.json: one text table per source, one line per row,
// columns separated by ';', so that loading is one string literal and a row is decoded when someone asks for it.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const read = (name) => JSON.parse(fs.readFileSync(path.join(root, 'packages/wdk/data', name), 'utf8'));
const unset = '';

/** Applies data/corrections.json: rows that replace, add or drop single properties, each with its reason. */
function corrected(rows, key, corrections) {
  const byName = new Map(rows.map((row) => [row[key], row]));
  for (const { name, set = {}, unset: drop = [] } of corrections) {
    const row = byName.get(name) ?? { [key]: name };
    Object.assign(row, set);
    for (const property of drop) delete row[property];
    byName.set(name, row);
  }
  return [...byName.values()].sort((a, b) => (a[key] < b[key] ? -1 : 1));
}

function cell(text) {
  const value = String(text ?? unset);
  if (/[;\n`\\]|\$\{/.test(value)) throw new Error(`a cell must not contain a separator: ${value}`);
  return value;
}

const line = (...cells) => cells.map(cell).join(';').replace(/;+$/, '');

function table(name, source, lines) {
  return `// Generated from packages/wdk/data/${source} by test/tools/generators/wdk.mjs. Do not edit: npm run generate.\n`
    + `export const ${name} = \`${lines.join('\n')}\`;\n`;
}

const KIND = { function: unset, macro: 'm', callback: 'c', method: 'o' };

function functionLine(row) {
  const irql = row.irql;
  const flags = [row.umdfOnly && 'u', row.mustCheck && 'k', irql?.minSuspect && 's'].filter(Boolean).join('');
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

function registration(reg) {
  const conf = CONF[reg.conf] ?? unset;
  if (reg.fn) return ['f', reg.fn, reg.idx, conf, reg.when ?? unset, reg.entry ? bounds(reg.entry) : unset].join('>');
  if (reg.method) return ['o', reg.method, reg.idx, conf].join('>');
  if (reg.struct) return ['s', reg.struct, reg.field, conf, reg.pos ?? unset, reg.path ?? unset].join('>');
  if (reg.array) return ['a', 'MajorFunction', Array.isArray(reg.index) ? reg.index.join(' ') : '*', conf].join('>');
  return ['n', reg.byName, unset, conf].join('>');
}

function roleLine(row) {
  const flags = [row.umdfOnly && 'u', row.exitSame === false && 'x'].filter(Boolean).join('');
  const ptr = row.ptr === row.role ? '=' : row.ptr === `P${row.role}` ? unset : row.ptr;
  return line(row.role, ptr, row.fw, ...entryCells(row.entry), flags, row.aliasOf, row.ret, row.params ? `(${row.params.join(',')}` : unset,
    (row.reg ?? []).map(registration).join('&').replace(/>+(?=&|$)/g, unset));
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

const json = (value) => JSON.stringify(value).replace(/[`\\]|\$\{/g, (bad) => `\\${bad}`);

export function generate() {
  const corrections = read('corrections.json');
  const functions = corrected(read('functions.json').functions, 'name', corrections.functions);
  const roles = read('roles.json');
  const roleRows = corrected(roles.roles, 'role', corrections.roles);
  const effects = corrected(read('irql-effects.json').effects, 'name', corrections.effects);
  const { docs: _docs, ...resapi } = read('resapi.json');
  const at = (name) => `packages/wdk/src/generated/${name}.ts`;
  return new Map([
    [at('functions'), table('FUNCTIONS', 'functions.json', functions.map(functionLine))],
    [at('roles'), table('ROLES', 'roles.json', roleRows.map(roleLine))],
    [at('os-provided'), table('OS_PROVIDED', 'roles.json', [roles.osProvided.join(' ')])],
    [at('seen-types'), table('SEEN_TYPES', 'functions.json and roles.json', [seenTypes([...functions, ...roleRows]).join(' ')])],
    [at('effects'), table('EFFECTS', 'irql-effects.json', effects.map((row) => `${row.name};${json(row)}`))],
    [at('levels'), table('LEVELS', 'levels.json', [json(read('levels.json'))])],
    [at('annotations'), table('ANNOTATIONS', 'annotations.json', annotationLines())],
    [at('resapi'), table('RESAPI', 'resapi.json', [json(resapi)])],
  ]);
}
