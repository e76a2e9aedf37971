// `--fix` and `--fix-dry-run`: applies fixes that keep the meaning, analyses again, until nothing is left to fix. A file is written
// once, whole, in its own encoding, and only when its text is still the one that was analysed.

import fs from 'node:fs';
import path from 'node:path';
import { applyFixesToFiles, decode, type Encoding, type Rule } from '@drvlint/core';
import { displayPath, reasonOf } from '@drvlint/project';
import type { Request } from './arguments.js';
import type { Io } from './io.js';
import { encode } from './encode.js';
import { patchOf } from './patch.js';
import { runAnalysis, type Analysis } from './run-analysis.js';
import { writeWhole } from './write-file.js';

const passes = 10;

interface Original { text: string; encoding: Encoding; bytes: Buffer }

export async function applyFixes(request: Request, io: Io, rules: readonly Rule[]): Promise<{ analysis: Analysis; failures: string[] }> {
  const originals = new Map<string, Original>();
  const texts = new Map<string, string>();
  let analysis = await runAnalysis(request, io, { rules });
  for (let pass = 0; pass < passes; pass++) {
    const fixes = analysis.findings.filter((f) => !f.suppressed && f.fix).flatMap((f) => f.fix ?? []);
    const changed = applyFixesToFiles(fixes, (file) => textOf(path.resolve(io.cwd, file), originals, texts)).texts;
    if (changed.size === 0) break;
    for (const [file, text] of changed) texts.set(path.resolve(io.cwd, file), text);
    analysis = await runAnalysis(request, io, { rules, overlays: texts });
  }
  return { analysis, failures: request.values.has('fix') ? write(texts, originals, io) : show(texts, originals, io) };
}

function textOf(file: string, originals: Map<string, Original>, texts: ReadonlyMap<string, string>): string | undefined {
  const fixed = texts.get(file);
  if (fixed !== undefined) return fixed;
  try {
    const bytes = fs.readFileSync(file);
    const source = decode(bytes, file);
    originals.set(file, { text: source.text, encoding: source.encoding, bytes });
    return source.text;
  } catch {
    return undefined;
  }
}

function write(texts: ReadonlyMap<string, string>, originals: ReadonlyMap<string, Original>, io: Io): string[] {
  const failures: string[] = [];
  let written = 0;
  for (const [file, text] of texts) {
    const original = originals.get(file);
    if (!original || original.text === text) continue;
    const shown = displayPath(io.cwd, file);
    try {
      if (!fs.readFileSync(file).equals(original.bytes)) failures.push(`${shown}: not fixed: the file changed while it was analysed`);
      else {
        writeWhole(file, encode(text, original.encoding, original.bytes));
        written++;
      }
    } catch (e) {
      failures.push(`${shown}: not fixed: ${reasonOf(e)}`);
    }
  }
  io.err(`drvlint: ${written} ${written === 1 ? 'file' : 'files'} fixed\n`);
  return failures;
}

/** The changes as a patch on standard error: standard output is the report's. */
function show(texts: ReadonlyMap<string, string>, originals: ReadonlyMap<string, Original>, io: Io): string[] {
  for (const [file, text] of texts) {
    const original = originals.get(file);
    if (original && original.text !== text) io.err(patchOf(displayPath(io.cwd, file), original.text, text));
  }
  return [];
}
