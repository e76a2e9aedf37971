// A tree outside of the working directory and of any repository is read as from inside: headers beside the project's folder too.

import path from 'node:path';
import { expect, it } from 'vitest';
import { analyse, Configurations } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { sharedParser } from '../harness/run-fixture.js';
import { scratch } from '../harness/scratch.js';

const vcxproj = '<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><ItemGroup><ClCompile Include="..\\src\\a.c" /></ItemGroup></Project>';

it('resolves its includes', async () => {
  const folder = scratch({ 'build/a.vcxproj': vcxproj, 'src/a.c': '#include "a.h"\nint f(void) { return LIMIT; }\n', 'src/a.h': '#define LIMIT 1\n' });
  const seen: (string | undefined)[] = [];
  const probe = { ...rules[0]!, func: undefined, all: undefined, file: (_: unknown, file: { path: string; includes: { resolved?: string }[] }) => { if (file.path.endsWith('a.c')) seen.push(file.includes[0]?.resolved); } };
  for (const cwd of [folder, scratch()]) {
    const configurations = new Configurations({ cwd, rules, overrides: { only: [probe.meta.id] } });
    await analyse({ cwd, inputs: [folder], rules: [probe], configurations, parser: await sharedParser() });
  }
  expect(seen).toEqual(['src/a.h', path.join(folder, 'src/a.h')]);
});
