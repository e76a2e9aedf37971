// Code blocks of the rules' pages, as projects of one file: ```c bad, ```c good, ```cpp bad, ```cpp good.

import fs from 'node:fs';
import path from 'node:path';
import type { Finding } from '@drvlint/core';
import { analyse, Configurations } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { root } from './fixtures.js';
import { sharedParser } from './run-fixture.js';

export interface Example { rule: string; language: 'c' | 'cpp'; verdict: 'bad' | 'good'; line: number; code: string }

export function pageOf(rule: string): string | undefined {
  const file = path.join(root, 'rules', rule, 'README.md');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

export function examplesOf(rule: string): Example[] {
  const page = pageOf(rule) ?? '';
  return [...page.matchAll(/^```(c|cpp) (bad|good)[^\n]*\n([\s\S]*?)^```$/gm)].map((m) => ({
    rule, language: m[1] as 'c' | 'cpp', verdict: m[2] as 'bad' | 'good', line: page.slice(0, m.index).split('\n').length, code: m[3],
  }));
}

/** Findings of the page's rule in an example; throws when the example could not be analysed. */
export async function findingsIn(example: Example): Promise<Finding[]> {
  const file = path.join(root, 'rules', example.rule, `example-${example.line}.${example.language}`);
  const result = await analyse({
    cwd: root, inputs: [file], rules, overlays: new Map([[file, example.code]]), parser: await sharedParser(),
    configurations: new Configurations({ cwd: root, rules, file: false, overrides: { only: [example.rule], level: 'info' } }),
  });
  const trouble = [...result.notAnalysed.map((n) => n.reason), ...result.internal.map((p) => p.stack ?? p.message)];
  if (trouble.length > 0) throw new Error(`README.md:${example.line}: ${trouble.join('; ')}`);
  return result.findings.filter((f) => f.rule === example.rule);
}
