// What a client sends has the shape it has, whatever the protocol's types say: here it is looked at before it is used, and what is of
// another shape is answered as such instead of failing somewhere inside.

import { ErrorCodes, ResponseError, type Diagnostic, type Position, type Range } from 'vscode-languageserver';

type Tree = Readonly<Record<string, unknown>>;

const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? value as Tree : {});

/** URI of the document that parameters are about. */
export function documentUri(params: unknown): string | undefined {
  const { uri } = tree(tree(params).textDocument);
  return typeof uri === 'string' ? uri : undefined;
}

export function isPosition(value: unknown): value is Position {
  const { line, character } = tree(value);
  return typeof line === 'number' && typeof character === 'number' && Number.isFinite(line) && Number.isFinite(character);
}

export function isRange(value: unknown): value is Range {
  const { start, end } = tree(value);
  return isPosition(start) && isPosition(end);
}

export function isDiagnostic(value: unknown): value is Diagnostic {
  return isRange(tree(value).range);
}

/** The items of a list that are what they should be; none of what is no list. */
export function listOf<T>(value: unknown, isItem: (item: unknown) => item is T): T[] {
  return Array.isArray(value) ? value.filter(isItem) : [];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Something with a URI: a folder, a file that changed. */
export function hasUri(value: unknown): value is { uri: string } {
  return isText(tree(value).uri);
}

export function invalid(what: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, what);
}
