// Texts of files, each read once and kept until it is let go. A file that cannot be used leaves a problem and no text.

import fs from 'node:fs';
import { decode, looksBinary, sourceFromString, type SourceText } from '@drvlint/core';
import { displayPath } from './paths.js';
import { reasonOf, type FileProblem } from './problems.js';

const tooLarge = 64 * 1024 * 1024;

export class Sources {
  readonly problems = new Map<string, FileProblem>();
  readonly #cwd: string;
  readonly #texts = new Map<string, SourceText | undefined>();
  readonly #overlays = new Map<string, string>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** Text to use instead of what is on disk: an editor's buffer, standard input, the staged version. */
  overlay(file: string, text: string): void {
    this.#overlays.set(file, text);
    this.#texts.delete(file);
  }

  /** Back to what is on disk now. */
  refresh(file: string): void {
    this.#overlays.delete(file);
    this.#texts.delete(file);
    this.problems.delete(file);
  }

  /** The file's text under the path the report shows; undefined when it cannot be used, with the reason in `problems`. */
  read(file: string): SourceText | undefined {
    if (!this.#texts.has(file)) this.#texts.set(file, this.#load(file));
    return this.#texts.get(file);
  }

  /** Forgets a text; it would be read again. */
  release(file: string): void {
    this.#texts.delete(file);
  }

  #load(file: string): SourceText | undefined {
    const shown = displayPath(this.#cwd, file);
    const overlay = this.#overlays.get(file);
    if (overlay !== undefined) return sourceFromString(overlay, shown);
    try {
      const stat = fs.statSync(file);
      if (!stat.isFile()) return this.#problem(file, stat.isDirectory() ? 'is a folder' : 'is no regular file');
      if (stat.size > tooLarge) return this.#problem(file, `is too large to be source code (${Math.round(stat.size / 1024 / 1024)} MB)`);
      const bytes = fs.readFileSync(file);
      if (bytes.length === 0) return this.#note(file, 'is empty');
      if (looksBinary(bytes)) return this.#problem(file, 'is binary, not source code');
      return decode(bytes, shown);
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
