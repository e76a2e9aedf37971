// The layer laws are held by a check that really fails: a small tree that breaks them, one file each.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from './harness/fixtures.js';
import { scratch } from './harness/scratch.js';

it('every broken law is told', () => {
  const to = (target: string): string => `import { x } from '${target}';\nexport const y = x;\n`;
  const cwd = scratch({
    'package.json': '{ "type": "module" }', 'tsconfig.base.json': fs.readFileSync(path.join(root, 'tsconfig.base.json'), 'utf8'),
    'packages/core/src/index.ts': 'export const x = 1;\n', 'packages/core/src/model/facts.ts': 'export const x = 1;\n', 'packages/core/src/analyses/a/a.ts': 'export const x = 1;\n',
    'packages/core/src/lex/up.ts': to('../model/facts.js'),
    'packages/core/src/flow/up.ts': to('../analyses/a/a.js'),
    'packages/core/src/model/node.ts': "import fs from 'node:fs';\nexport const y = fs;\n",
    'packages/wdk/src/a.ts': to('../../core/src/index.js'),
    'packages/project/src/index.ts': 'export const x = 1;\n', 'packages/project/src/inner.ts': 'export const x = 1;\n',
    'packages/project/src/host.ts': to('../../cli/src/index.js'),
    'packages/cli/src/index.ts': 'export const x = 1;\n',
    'packages/cli/src/deep.ts': to('../../project/src/inner.js'),
    'packages/cli/src/other.ts': to('../../language-server/src/index.js'), 'packages/language-server/src/index.ts': 'export const x = 1;\n',
    'rules/one/rule.ts': to('../two/rule.js'), 'rules/two/rule.ts': 'export const x = 1;\n',
    'rules/good/rule.ts': to('../../packages/core/src/index.js'),
  });
  const { stdout, stderr, status } = spawnSync(process.execPath, [path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), '--config', path.join(root, '.dependency-cruiser.cjs'), 'packages', 'rules'], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  const violations = [...(stdout + stderr).matchAll(/error ([\w-]+): (\S+)/g)].map((m) => `${m[2]} ${m[1]}`);
  expect(violations.sort()).toEqual([
    'packages/cli/src/deep.ts packages-meet-at-their-index',
    'packages/cli/src/other.ts hosts-do-not-see-each-other',
    'packages/core/src/flow/up.ts flow-imports-only-downwards',
    'packages/core/src/lex/up.ts lex-imports-only-downwards',
    'packages/core/src/model/node.ts core-knows-no-host',
    'packages/project/src/host.ts project-sees-no-host',
    'packages/wdk/src/a.ts wdk-imports-nothing',
    'rules/one/rule.ts rules-import-the-kit-only',
  ]);
  expect(status).not.toBe(0);
}, 60_000);

it('flow/ knows no word of drivers', () => {
  const words = /irql|\bdpc|driver|dispatch_level|spin_?lock|ntstatus|\bwdf|\bwdk|cluster|paged/i;
  const folder = path.join(root, 'packages/core/src/flow');
  const found = fs.readdirSync(folder).flatMap((file) => fs.readFileSync(path.join(folder, file), 'utf8').split('\n')
    .flatMap((line, i) => (words.test(line.replace(/knows no driver word/i, '')) ? [`${file}:${i + 1}: ${line.trim()}`] : [])));
  expect(found).toEqual([]);
});
