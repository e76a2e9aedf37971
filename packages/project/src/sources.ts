// Texts of files, each read once and kept until it is let go. A file that cannot be used leaves a problem and no text.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { decode, looksBinary, sourceFromString, type SourceText } from '@drvlint/core';
import { includeTargets, type IncludeTarget } from './includes.js';
import { displayPath } from './paths.js';
import { reasonOf, type FileProblem } from './problems.js';
import { statOf } from './file-stat.js';

const tooLarge = 64 * 1024 * 1024;

/** Include lines by content hash, kept between runs. */
export interface IncludeIndex {
  get(hash: string): readonly IncludeTarget[] | undefined;
  set(hash: string, targets: readonly IncludeTarget[]): void;
}

export class Sources {
  readonly problems = new Map<string, FileProblem>();
  readonly #cwd: string;
  readonly #texts = new Map<string, SourceText | undefined>();
  readonly #overlays = new Map<string, string>();
  readonly #hashes = new Map<string, string>();
  readonly #targets = new Map<string, readonly IncludeTarget[]>();
  readonly #index: IncludeIndex | undefined;
  /** Content that was hashed just now: it is often read next. */
  #hashed: { file: string; bytes: Uint8Array } | undefined;

  /** With an index, contents are hashed and texts are not decoded to find includes that it knows. */
  constructor(cwd: string, index?: IncludeIndex) {
    this.#cwd = cwd;
    this.#index = index;
  }

  /** Text to use instead of what is on disk: an editor's buffer, standard input, the staged version. */
  overlay(file: string, text: string): void {
    this.#overlays.set(file, text);
    this.#forget(file);
  }

  /** Back to what is on disk now. */
  refresh(file: string): void {
    this.#overlays.delete(file);
    this.#forget(file);
    this.problems.delete(file);
  }

  /** The file's text under the path the report shows; undefined when it cannot be used, with the reason in `problems`. */
  read(file: string): SourceText | undefined {
    if (!this.#texts.has(file)) this.#texts.set(file, this.#load(file));
    return this.#texts.get(file);
  }

  /** Hash of the content that read() gave or would give; a dash and the reason when there is none. What was said once stays, whatever happens on disk. */
  hash(file: string): string {
    let hash = this.#hashes.get(file);
    if (hash === undefined) {
      const overlay = this.#overlays.get(file);
      const bytes = overlay ?? this.#bytes(file);
      this.#hashes.set(file, hash = this.#nameOf(file, bytes));
      this.#hashed = typeof bytes === 'object' ? { file, bytes } : undefined;
    }
    return hash;
  }

  /** Bytes of a file, 0 when it cannot be used. */
  size(file: string): number {
    const overlay = this.#overlays.get(file);
    return overlay === undefined ? statOf(file)?.size ?? 0 : overlay.length;
  }

  /** Targets of the `#include` lines of a file. */
  includes(file: string): readonly IncludeTarget[] {
    let targets = this.#targets.get(file);
    if (!targets) {
      targets = (this.#index && !this.#texts.has(file) ? this.#index.get(this.hash(file)) : undefined) ?? includeTargets(this.read(file)?.text ?? '');
      this.#index?.set(this.hash(file), targets);
      this.#targets.set(file, targets);
    }
    return targets;
  }

  /** The same as one text. */
  includeLines(file: string): string {
    return this.includes(file).map(({ target, angled }) => (angled ? '<' : '"') + target).join('\n');
  }

  /** Files whose includes were asked for. */
  searched(): string[] {
    return [...this.#targets.keys()];
  }

  /** Forgets a text; it would be read again. */
  release(file: string): void {
    this.#texts.delete(file);
  }

  #nameOf(file: string, content: string | Uint8Array | undefined): string {
    return content === undefined ? `-${this.problems.get(file)?.reason ?? ''}` : digest(content);
  }

  #forget(file: string): void {
    this.#hashed = undefined;
    this.#texts.delete(file);
    this.#hashes.delete(file);
    this.#targets.delete(file);
  }

  #load(file: string): SourceText | undefined {
    const shown = displayPath(this.#cwd, file);
    const overlay = this.#overlays.get(file);
    if (overlay !== undefined) return sourceFromString(overlay, shown);
    const hashed = this.#hashed?.file === file ? this.#hashed.bytes : undefined;
    this.#hashed = undefined;
    if (hashed) return decode(hashed, shown);
    const bytes = this.#bytes(file);
    const hash = this.#index && this.#nameOf(file, bytes);
    const known = this.#hashes.get(file);
    // What was planned with one content must not be kept as the result of another one, or of none.
    if (hash !== undefined) this.#hashes.set(file, known === undefined || known === hash ? hash : `${known}, changed since`);
    return bytes && decode(bytes, shown);
  }

  #bytes(file: string): Uint8Array | undefined {
    try {
      const stat = fs.statSync(file);
      if (!stat.isFile()) return this.#problem(file, stat.isDirectory() ? 'is a folder' : 'is no regular file');
      if (stat.size > tooLarge) return this.#problem(file, `is too large to be source code (${Math.round(stat.size / 1024 / 1024)} MB)`);
      const bytes = fs.readFileSync(file);
      if (bytes.length === 0) return this.#note(file, 'is empty');
      if (looksBinary(bytes)) return this.#problem(file, 'is binary, not source code');
      return bytes;
    } catch (e) {
      return this.#problem(file, `cannot be read: ${reasonOf(e)}`);
    }
  }

  #problem(file: string, reason: string): undefined {
    this.problems.set(file, { file, reason });
  }

  #note(file: string, reason: string): undefined {
    this.problems.set(file, { file, reason, note: true });
  }
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 32);
}
