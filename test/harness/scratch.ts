// Scratch folders and the command line run inside the test's process.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { run } from 'drvlint';
import type { Rule } from '@drvlint/core';

const made: string[] = [];

/** A folder with these files (text by relative path), removed after the test. */
export function scratch(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-test-')));
  made.push(folder);
  addFiles(folder, files);
  return folder;
}

export function addFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, data] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), data);
  }
}

afterEach(() => {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

export interface Ran { status: number; out: string; err: string }

/** Runs the command line in `cwd`. */
export async function drvlint(cwd: string, words: readonly string[], more: { stdin?: string; env?: Record<string, string>; rules?: readonly Rule[]; signal?: AbortSignal; terminal?: boolean } = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const status = await run(words, {
    cwd, env: more.env ?? {}, signal: more.signal ?? new AbortController().signal,
    out: (text) => { out += text; }, err: (text) => { err += text; },
    outIsTerminal: more.terminal ?? false, errIsTerminal: more.terminal ?? false, stdin: () => Promise.resolve(more.stdin ?? ''),
  }, more.rules);
  return { status, out, err };
}
