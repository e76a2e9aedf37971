// One configuration file from text to data, or to problems with line and column. JSON with comments and trailing commas.

import { findNodeAtLocation, parseTree, getNodeValue, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { lineTable, nearestWord, positionAt, type Arch, type Level, type Preset } from '@drvlint/core';
import type { FileProblem } from '../problems.js';

export type RuleValue = Level | 'off' | [Level | 'off'] | [Level | 'off', Record<string, unknown>];

export interface KnowledgeEntry {
  min?: number | string;
  max?: number | string;
  raises?: number | string;
  sameIrql?: boolean;
  mustCheck?: boolean;
  returns?: string;
  params?: string[];
  pointer?: string;
}

export interface Knowledge {
  functions?: Record<string, KnowledgeEntry>;
  roles?: Record<string, KnowledgeEntry>;
}

export interface ConfigData {
  root?: boolean;
  extends?: Preset | Preset[];
  rules?: Record<string, RuleValue>;
  level?: Level;
  defines?: Record<string, string | number | boolean>;
  architecture?: Arch;
  configuration?: string;
  ignores?: string[];
  baseline?: string;
  knowledge?: Knowledge;
  overrides?: { files: string[]; extends?: Preset | Preset[]; rules?: Record<string, RuleValue> }[];
}

export type ConfigReader = (file: string, text: string) => { data: ConfigData } | { problems: FileProblem[] };

/** `schemaFor` as `configSchema`: the schema for the rules named, since compiling that of all of them takes longer than most runs. */
export function configReader(schemaFor: (named: ReadonlySet<string>) => Record<string, unknown>, ruleNames: readonly string[]): ConfigReader {
  // Most folders have no configuration.
  let ajv: Ajv | undefined;
  return (file, text) => readConfig(file, text, (data) => (ajv ??= new Ajv({ allErrors: true, strict: false, verbose: true })).compile(schemaFor(namedRules(data))), ruleNames);
}

/** Keys of every `rules` of a configuration. */
function namedRules(data: ConfigData): Set<string> {
  const overrides: unknown = data?.overrides;
  const sets: unknown[] = [data?.rules, ...(Array.isArray(overrides) ? overrides as ({ rules?: unknown } | null)[] : []).map((entry) => entry?.rules)];
  return new Set(sets.flatMap((set) => (typeof set === 'object' && set !== null ? Object.keys(set) : [])));
}

function readConfig(file: string, text: string, validatorOf: (data: ConfigData) => ValidateFunction, ruleNames: readonly string[]): { data: ConfigData } | { problems: FileProblem[] } {
  const body = text.replace(/^\uFEFF/, '');
  const lineStarts = lineTable(body);
  const problem = (offset: number, reason: string): FileProblem => {
    const at = positionAt({ lineStarts }, offset);
    return { file, line: at.line, column: at.column, reason };
  };
  const errors: ParseError[] = [];
  const tree = parseTree(body, errors, { allowTrailingComma: true, disallowComments: false });
  if (errors.length > 0) return { problems: [problem(errors[0].offset, `not valid JSON: ${words(printParseErrorCode(errors[0].error))}`)] };
  if (!tree) return { problems: [problem(0, 'is empty')] };
  const twice = duplicateKey(tree);
  if (twice) return { problems: [problem(twice.offset, `key ${body.slice(twice.offset, twice.offset + twice.length)} is given twice`)] };
  const data = getNodeValue(tree) as ConfigData;
  const validate = validatorOf(data);
  if (validate(data)) return { data };
  return { problems: (validate.errors ?? []).filter(isTelling).map((e) => problem(offsetOf(tree, e), messageOf(e, ruleNames))) };
}

/** `PropertyNameExpected` -> `property name expected`. */
function words(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function duplicateKey(node: Node): Node | undefined {
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    if (key && seen.has(key.value as string)) return key;
    if (key) seen.add(key.value as string);
    const deeper = duplicateKey(child);
    if (deeper) return deeper;
  }
  return undefined;
}

/** The combinators only repeat what the errors inside them say. */
function isTelling(e: ErrorObject): boolean {
  return e.keyword !== 'if' && e.keyword !== 'anyOf' || (e.keyword === 'anyOf' && e.schemaPath.endsWith('/anyOf'));
}

function offsetOf(tree: Node, e: ErrorObject): number {
  const path = e.instancePath.split('/').slice(1).map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'));
  const typed = path.map((p, i) => (Array.isArray(valueAt(tree, path.slice(0, i))) ? Number(p) : p));
  if (e.keyword === 'additionalProperties') {
    const value = findNodeAtLocation(tree, [...typed, e.params.additionalProperty as string]);
    return value?.parent?.offset ?? 0;
  }
  return findNodeAtLocation(tree, typed)?.offset ?? tree.offset;
}

function valueAt(tree: Node, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], getNodeValue(tree));
}

function messageOf(e: ErrorObject, ruleNames: readonly string[]): string {
  const at = e.instancePath === '' ? '' : `${e.instancePath.slice(1).replaceAll('~1', '/').replaceAll('/', '.')}: `;
  switch (e.keyword) {
    case 'additionalProperties': return unknownKey(e, ruleNames);
    case 'enum': return `${at}${quoted(e.data)} is none of ${(e.params.allowedValues as unknown[]).map(quoted).join(', ')}`;
    case 'type': return `${at}must be ${article((e.params.type as string | string[]).toString().replaceAll(',', ' or '))}, not ${quoted(e.data)}`;
    case 'anyOf': return `${at}${quoted(e.data)} is not allowed here`;
    default: return `${at}${e.message ?? e.keyword}`;
  }
}

function unknownKey(e: ErrorObject, ruleNames: readonly string[]): string {
  const key = e.params.additionalProperty as string;
  const isRule = /(?:^|\/)rules$/.test(e.instancePath);
  const known = isRule ? ruleNames : Object.keys((e.parentSchema?.properties as object | undefined) ?? {});
  const near = nearestWord(key, known.filter((k) => !k.startsWith('$')));
  return `unknown ${isRule ? 'rule' : 'key'} "${key}"${near ? `; did you mean "${near}"?` : ''}`;
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
