// The plugin in ESLint's own program: --cache, --concurrency, bulk suppressions, --fix, unused directives, a mixed repository, and
// the copy-and-paste configuration. Needs `npm run build`.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { root } from '../harness/fixtures.js';
import { addFiles, scratch } from '../harness/scratch.js';

const bin = path.join(root, 'node_modules/eslint/bin/eslint.js');
const plugin = pathToFileURL(path.join(root, 'packages/eslint-plugin/dist/index.js')).href;
const config = (more = '') => `import drvlint from '${plugin}';\nexport default [\n  ...drvlint.configs.recommended,\n${more}];\n`;
const worker = (name: string) => `static VOID ${name}(PVOID Context) { UNREFERENCED_PARAMETER(Context); }\nNTSTATUS Start${name}(VOID)\n{\n    HANDLE h;\n    return PsCreateSystemThread(&h, 0, NULL, NULL, NULL, ${name}, NULL);\n}\n`;

interface Ran { status: number | null; out: string; places: string[] }

/** Runs ESLint in `cwd`, with a cache of the engine of its own. */
function eslint(cwd: string, ...words: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, '--format', 'json', ...words], { cwd, encoding: 'utf8', env: { ...process.env, DRVLINT_CACHE_DIR: path.join(cwd, '.engine') } });
  const json = stdout.slice(stdout.indexOf('[{')).split('\n')[0];
  const results = json.startsWith('[{') ? JSON.parse(json) as { filePath: string; messages: { line: number; ruleId: string | null }[] }[] : [];
  return { status, out: stdout + stderr, places: results.flatMap((r) => r.messages.map((m) => `${path.basename(r.filePath)}:${m.line} ${m.ruleId?.replace('drvlint/', '')}`)) };
}

describe('eslint', () => {
  it('--cache does not keep results that another file has made stale', () => {
    const cwd = scratch({ 'eslint.config.mjs': config(), 'a.c': `#include "a.h"\n_Use_decl_annotations_\n${worker('Job')}`, 'a.h': 'KSTART_ROUTINE Job;\n' });
    const run = () => eslint(cwd, '--cache', '.').places;
    expect(run()).toEqual([]);
    expect(fs.existsSync(path.join(cwd, '.eslintcache'))).toBe(true);
    expect(run()).toEqual([]);
    addFiles(cwd, { 'a.h': '/* the declaration is gone */\n' });
    expect(run()).toEqual(['a.c:2 use-decl-annotations-unneeded', 'a.c:3 role-type-declaration']);
    addFiles(cwd, { 'drvlint.config.json': '{ "root": true, "rules": { "role-type-declaration": "off", "use-decl-annotations-unneeded": "off" } }' });
    expect(run()).toEqual([]);
  }, 60_000);

  it('--concurrency finds the same', () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`p${i % 3}/f${i}.c`, worker(`Job${i}`)]));
    const cwd = scratch({ 'eslint.config.mjs': config(), 'p0/Makefile': '', 'p1/Makefile': '', ...files });
    const one = eslint(cwd, '.').places;
    expect(one).toHaveLength(12);
    expect(eslint(cwd, '--concurrency', '2', '.').places).toEqual(one);
  }, 60_000);

  it('bulk suppressions hold, and say when they are not needed any more', () => {
    const cwd = scratch({ 'eslint.config.mjs': config(`  { files: ['**/*.c'], rules: { 'drvlint/role-type-declaration': 'error' } },\n`), 'a.c': worker('Job') });
    expect(eslint(cwd, '.')).toMatchObject({ status: 1, places: ['a.c:1 role-type-declaration'] });
    expect(eslint(cwd, '--suppress-all', '.').status).toBe(0);
    expect(JSON.parse(fs.readFileSync(path.join(cwd, 'eslint-suppressions.json'), 'utf8'))).toEqual({ 'a.c': { 'drvlint/role-type-declaration': { count: 1 } } });
    expect(eslint(cwd, '.')).toMatchObject({ status: 0, places: [] });
    addFiles(cwd, { 'a.c': worker('Job') + worker('Second') });
    expect(eslint(cwd, '.').places).toEqual(['a.c:1 role-type-declaration', 'a.c:7 role-type-declaration']);
    addFiles(cwd, { 'a.c': 'int none;\n' });
    expect(eslint(cwd, '.')).toMatchObject({ status: 2, out: expect.stringContaining('suppressions left that do not occur anymore') as string });
    expect(eslint(cwd, '--prune-suppressions', '.').status).toBe(0);
  }, 60_000);

  it('--fix writes, and --report-unused-disable-directives works with it', () => {
    const text = '_IRQL_requires_max_(PASSIVE_LEVEL)\nVOID f(_In_ PVOID p);\n\n// eslint-disable-next-line drvlint/irql-too-high -- not needed\nVOID f(PVOID p)\n{\n    UNREFERENCED_PARAMETER(p);\n}\n';
    const cwd = scratch({ 'eslint.config.mjs': config(), 'a.c': text });
    expect(eslint(cwd, '--fix', '--report-unused-disable-directives', '.')).toMatchObject({ status: 0, places: [] });
    expect(fs.readFileSync(path.join(cwd, 'a.c'), 'utf8')).toBe(text.replace(/\/\/ eslint.*\n/, ' \n_Use_decl_annotations_\n'));
  }, 60_000);

  it('stands in one repository with JavaScript', () => {
    const cwd = scratch({
      'eslint.config.mjs': `import js from '${pathToFileURL(path.join(root, 'node_modules/@eslint/js/src/index.js')).href}';\n${config(`  { files: ['**/*.js'], ...js.configs.recommended },\n`)}`,
      'driver/a.c': worker('Job'), 'web/b.js': 'let a = 1;\n',
    });
    expect(eslint(cwd, '.').places).toEqual(['a.c:1 role-type-declaration', 'b.js:1 no-unused-vars']);
  }, 60_000);

  it('a broken configuration of drvlint ends the run with its place', () => {
    const cwd = scratch({ 'eslint.config.mjs': config(), 'a.c': worker('Job'), 'drvlint.config.json': '{\n  "rule": {}\n}\n' });
    expect(eslint(cwd, '.')).toMatchObject({ status: 2, out: expect.stringContaining('drvlint.config.json:2:3: unknown key "rule"; did you mean "rules"?') as string });
  }, 60_000);
});
