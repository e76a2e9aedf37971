// Findings in ESLint equal those of the engine's own run over the same folder, place for place, on every fixture.

import path from 'node:path';
import { ESLint, type Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { analyse, Configurations } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import plugin from 'eslint-plugin-drvlint';
import { listFixtures, type Fixture } from '../harness/fixtures.js';
import { sharedParser } from '../harness/run-fixture.js';

async function engineFindings(fixture: Fixture): Promise<string[]> {
  const configurations = new Configurations({ cwd: fixture.folder, rules, overrides: { presets: ['all'] } });
  const { findings } = await analyse({ cwd: fixture.folder, inputs: [fixture.folder], rules, configurations, parser: await sharedParser() });
  const asked = new Set(fixture.inputs.map((f) => path.relative(fixture.folder, f).split(path.sep).join('/')));
  return findings.filter((f) => !f.suppressed && asked.has(f.file))
    .map((f) => `${f.file}:${f.line}:${f.column}-${f.endLine}:${f.endColumn} ${f.rule} ${f.message}`).sort();
}

async function eslintFindings(fixture: Fixture): Promise<string[]> {
  const eslint = new ESLint({ cwd: fixture.folder, overrideConfigFile: true, overrideConfig: plugin.configs['all'] as unknown as Linter.Config[] });
  const results = await eslint.lintFiles(fixture.inputs.filter((f) => /\.(?:c|h|cpp|cc|cxx|hpp|hxx|inl)$/.test(f)));
  return results.flatMap((r) => r.messages.map((m) => {
    const file = path.relative(fixture.folder, r.filePath).split(path.sep).join('/');
    return `${file}:${m.line}:${m.column}-${m.endLine}:${m.endColumn} ${m.ruleId?.replace('drvlint/', '')} ${m.message}`;
  })).sort();
}

describe('ESLint on the fixtures', () => {
  for (const fixture of listFixtures()) {
    it(fixture.name, async () => {
      expect(await eslintFindings(fixture)).toEqual(await engineFindings(fixture));
    });
  }
});
