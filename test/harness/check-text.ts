// Findings of the tests' own rules in a text.

import path from 'node:path';
import type { Finding, Rule } from '@drvlint/core';
import { analyse, Configurations, type AnalysisResult, type Overrides } from '@drvlint/project';
import { root } from './fixtures.js';
import { testRules } from './plain-rule.js';
import { sharedParser } from './run-fixture.js';

/** `texts` by file name; the first is analysed, the others are what it includes. */
export async function checkTexts(texts: Readonly<Record<string, string>>, overrides: Overrides = {}, rules: readonly Rule[] = testRules): Promise<AnalysisResult> {
  const folder = path.join(root, 'test', 'nowhere');
  const overlays = new Map(Object.entries(texts).map(([name, text]) => [path.join(folder, name), text]));
  return analyse({
    cwd: folder, inputs: [...overlays.keys()], overlays, rules, parser: await sharedParser(),
    configurations: new Configurations({ cwd: folder, rules, file: false, overrides }),
  });
}

export async function checkText(text: string, overrides: Overrides = {}, name = 'test.c'): Promise<Finding[]> {
  return (await checkTexts({ [name]: text }, overrides)).findings;
}
