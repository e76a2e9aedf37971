// Facts on disk, for actions that hand them on: a line that says what the file is, a line of JSON, then the packed facts of each source
// file, compressed one by one, so that putting files together copies them. The same facts are the same bytes.

import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import type { FileFacts, SourceText } from '@drvlint/core';
import { Marks } from './marks.js';
import { pack, unpack } from './pack.js';

/** What is known about the facts of a source file without unpacking them. */
export interface FactsEntry {
  path: string;
  /** Hash of the text they are of, comments and white space left out. */
  text: string;
  /** Hash of the facts. */
  facts: string;
  /** Hash of what a header leaves behind for its includers. */
  state?: string;
  /** What was assumed about conditions; another includer may have assumed it before. */
  assumptions?: Record<string, boolean>;
  /** It was read as part of another file of code. */
  part?: true;
  /** Bytes in the file. */
  size: number;
}

export interface Packed { entry: FactsEntry; bytes: Uint8Array }

const QUALITY = 5;

export function packFile(facts: FileFacts, source: SourceText, more: Pick<FactsEntry, 'state' | 'part'>): Packed {
  const marks = new Marks(source.text);
  const { lineStarts: _lines, length: _length, assumptions, ...rest } = facts;
  const plain = pack(rest, marks, source.text);
  const bytes = zlib.brotliCompressSync(plain, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: QUALITY, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: plain.length } });
  return { entry: { path: facts.path, text: marks.digest(), facts: digest(plain), ...more, ...(Object.keys(assumptions).length > 0 ? { assumptions } : {}), size: bytes.length }, bytes };
}

/** The facts as they were made of this text; undefined when they are of another one. */
export function unpackFile({ entry, bytes }: Packed, source: SourceText): FileFacts | undefined {
  const marks = new Marks(source.text);
  if (marks.digest() !== entry.text) return undefined;
  const facts = unpack(zlib.brotliDecompressSync(bytes), marks, source.text) as Omit<FileFacts, 'lineStarts' | 'length' | 'assumptions'>;
  return { ...facts, assumptions: entry.assumptions ?? {}, lineStarts: source.lineStarts, length: source.text.length };
}

/** `kind` and version are the first line. */
export function writeFacts(kind: string, head: object, files: readonly Packed[]): Uint8Array {
  const text = `${kind}\n${JSON.stringify({ ...head, files: files.map((f) => f.entry) })}\n`;
  return Buffer.concat([Buffer.from(text), ...files.map((f) => f.bytes)]);
}

/** Head and files; undefined when the bytes are not of that kind or not whole. */
export function readFacts<Head>(kind: string, bytes: Uint8Array): { head: Head; files: Packed[] } | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = buffer.indexOf(10);
  const second = buffer.indexOf(10, first + 1);
  if (first < 0 || second < 0 || buffer.toString('utf8', 0, first) !== kind) return undefined;
  let head: Head & { files: FactsEntry[] };
  try {
    head = JSON.parse(buffer.toString('utf8', first + 1, second)) as typeof head;
  } catch {
    return undefined;
  }
  let at = second + 1;
  const files = head.files.map((entry) => ({ entry, bytes: buffer.subarray(at, at += entry.size) }));
  return at === buffer.length ? { head, files } : undefined;
}

export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}
