// The plugin in the real ESLint: configurations, fixes, directives, selectors, a mixed repository, the cache.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ESLint, type Linter, type Rule } from 'eslint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rules } from '@drvlint/rules';
import plugin, { factsHash } from 'eslint-plugin-drvlint';
import { drvlint } from '../harness/scratch.js';

const WORKER = 'static VOID Worker(PVOID Context) { UNREFERENCED_PARAMETER(Context); }\n';
const START = 'NTSTATUS Start(VOID)\n{\n    HANDLE h;\n    return PsCreateSystemThread(&h, 0, NULL, NULL, NULL, Worker, NULL);\n}\n';

/** The engine does not look at the disk again for a second. */
const waitForTrust = () => new Promise((resolve) => setTimeout(resolve, 1100));

let folder: string;
beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-eslint-')); });
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
}

function eslint(config: unknown, options: ESLint.Options = {}): ESLint {
  return new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig: config as Linter.Config[], ...options });
}

const places = (results: ESLint.LintResult[]): string[] => results.flatMap((r) => r.messages.map((m) => `${path.basename(r.filePath)}:${m.line} ${m.ruleId}`));

describe('eslint-plugin-drvlint', () => {
  it('reports with the recommended configuration and leaves JavaScript to its own rules', async () => {
    write('drv/a.c', WORKER + START);
    write('web/b.js', 'var unused = 1;\n');
    const results = await eslint([...plugin.configs['recommended'], { files: ['**/*.js'], rules: { 'no-var': 'error' } }]).lintFiles(['.']);
    expect(places(results)).toEqual(['a.c:1 drvlint/role-type-declaration', 'b.js:1 no-var']);
  });

  it('obeys eslint-disable comments and reports those without use', async () => {
    write('a.c', `// eslint-disable-next-line drvlint/role-type-declaration -- declared in the framework\n${WORKER}${START}/* eslint-disable drvlint/role-type-declaration */\n`);
    const results = await eslint([...plugin.configs['recommended'], { linterOptions: { reportUnusedDisableDirectives: 'error' } }]).lintFiles(['a.c']);
    expect(results[0].messages.map((m) => [m.line, m.message])).toEqual([[8, "Unused eslint-disable directive (no problems were reported from 'drvlint/role-type-declaration')."]]);
    expect(results[0].suppressedMessages.map((m) => [m.line, m.suppressions[0].justification])).toEqual([[2, 'declared in the framework']]);
  });

  it('fixes what is safe', async () => {
    write('a.c', '_IRQL_requires_max_(PASSIVE_LEVEL)\nVOID f(_In_ PVOID p);\n\nVOID f(PVOID p)\n{\n    UNREFERENCED_PARAMETER(p);\n}\n');
    const [result] = await eslint(plugin.configs['recommended'], { fix: true }).lintFiles(['a.c']);
    expect(result.output).toBe('_IRQL_requires_max_(PASSIVE_LEVEL)\nVOID f(_In_ PVOID p);\n\n_Use_decl_annotations_\nVOID f(PVOID p)\n{\n    UNREFERENCED_PARAMETER(p);\n}\n');
    expect(result.messages).toEqual([]);
  });

  it('offers the tree to selectors of own rules, with the right ancestors', async () => {
    const seen: string[] = [];
    const own: Rule.RuleModule = {
      create: (context) => ({
        'function_definition call_expression > identifier.function'(node: { range: [number, number] }) {
          const code = context.sourceCode as unknown as { getAncestors(n: unknown): { type: string }[]; getText(n: unknown): string };
          seen.push(`${code.getText(node)} in ${code.getAncestors(node).map((a) => a.type).join('/')}`);
        },
        'call_expression:has(string_literal)'(node: unknown) { context.report({ node: node as never, message: 'text' }); },
      } as Rule.RuleListener),
    };
    write('a.c', 'void f(void)\n{\n    if (g()) DbgPrint("x");\n}\n');
    const results = await eslint([{ files: ['**/*.c'], language: 'drvlint/c', languageOptions: { tree: true }, plugins: { drvlint: plugin, own: { rules: { own } } }, rules: { 'own/own': 'error' } }]).lintFiles(['a.c']);
    expect(seen).toEqual([
      'g in translation_unit/function_definition/compound_statement/if_statement/parenthesized_expression/call_expression',
      'DbgPrint in translation_unit/function_definition/compound_statement/if_statement/expression_statement/call_expression',
    ]);
    expect(places(results)).toEqual(['a.c:3 own/own']);
  });

  it('analyses the text it was given when it differs from the disk', async () => {
    write('a.c', WORKER + START);
    const [result] = await eslint(plugin.configs['recommended']).lintText(`KSTART_ROUTINE Worker;\n_Use_decl_annotations_\n${WORKER}${START}`, { filePath: path.join(folder, 'a.c') });
    expect(result.messages).toEqual([]);
  });

  it('notices a change of another file within one process', async () => {
    write('a.c', `#include "a.h"\n_Use_decl_annotations_\n${WORKER}${START}`);
    write('a.h', 'KSTART_ROUTINE Worker;\n');
    const lint = eslint(plugin.configs['recommended']);
    expect(places(await lint.lintFiles(['a.c']))).toEqual([]);
    write('a.h', '/* nothing */\n\n');
    await waitForTrust();
    expect(places(await lint.lintFiles(['a.c']))).toContain('a.c:3 drvlint/role-type-declaration');
  });

  it('has another facts hash when any source changes, the same when none does', () => {
    write('a.c', 'int a;\n');
    write('sub/b.h', 'int b;\n');
    write('notes.txt', 'one');
    const before = factsHash(folder);
    write('notes.txt', 'two');
    expect(factsHash(folder)).toBe(before);
    write('sub/b.h', 'int c;\n');
    expect(factsHash(folder)).not.toBe(before);
  });

  it('runs a rule that only informs when it is named, and leaves the information of others out', async () => {
    write('a.c', 'DWORD WINAPI Job(PCLUS_WORKER Worker, LPVOID Context)\n{\n    Sleep(1000);\n    return 0;\n}\nDWORD Go(PCLUS_WORKER W)\n{\n    return ClusWorkerCreate(W, Job, NULL);\n}\n');
    const lint = (on: Record<string, string>) => eslint([{ files: ['**/*.c'], language: 'drvlint/c', plugins: { drvlint: plugin }, rules: on }]).lintFiles(['a.c']);
    expect(places(await lint({ 'drvlint/worker-pointer-unused': 'error' }))).toEqual(['a.c:1 drvlint/worker-pointer-unused']);
    expect(places(await lint({ 'drvlint/worker-create-unchecked': 'error' }))).toEqual([]);
  });

  it('obeys suppressions, the baseline and the rules of drvlint.config.json, and says what is broken in it', async () => {
    write('a.c', WORKER + START);
    write('b.c', `${WORKER.replace('Worker', 'Other')}// drvlint-disable-next-line role-type-declaration -- none\n${START.replace('Worker', 'Other').replace('Start', 'Begin')}`);
    const lint = async () => places(await eslint(plugin.configs['recommended']).lintFiles(['.']));
    expect(await lint()).toEqual(['a.c:1 drvlint/role-type-declaration', 'b.c:1 drvlint/role-type-declaration', 'b.c:2 drvlint/unused-suppression']);
    expect((await drvlint(folder, ['baseline', 'create', 'a.c'])).status).toBe(0);
    write('drvlint.config.json', '{ "root": true, "baseline": "drvlint-baseline.json", "rules": { "unused-suppression": "off" } }');
    await waitForTrust();
    expect(await lint()).toEqual(['b.c:1 drvlint/role-type-declaration']);
    write('drvlint-baseline.json', '{ "version": 9 }');
    await waitForTrust();
    await expect(lint()).rejects.toThrow(/drvlint-baseline\.json: the baseline has version 9/);
    write('drvlint.config.json', '{ "rule": {} }');
    await waitForTrust();
    await expect(lint()).rejects.toThrow(/drvlint\.config\.json:1:3: unknown key "rule"; did you mean "rules"\?/);
  });

  it('offers no fix in a file that is not UTF-8, since ESLint would write it back as UTF-8', async () => {
    const text = '_IRQL_requires_max_(PASSIVE_LEVEL)\nVOID f(_In_ PVOID p); // \u00e4\n\nVOID f(PVOID p)\n{\n    UNREFERENCED_PARAMETER(p);\n}\n';
    fs.writeFileSync(path.join(folder, 'a.c'), Buffer.from(text, 'latin1'));
    const [result] = await eslint(plugin.configs['recommended'], { fix: true }).lintFiles(['a.c']);
    expect(result.output).toBeUndefined();
    expect(result.messages.map((m) => [m.line, m.ruleId, m.fix])).toEqual([[4, 'drvlint/use-decl-annotations', undefined]]);
  });

  it('tells why a file was not analysed', async () => {
    write('a.c', 'void f(void) { }\n/* never closed');
    write('b.c', 'void F(void)\n{\n'.concat('{'.repeat(100_000), '\n'));
    const results = await eslint(plugin.configs['recommended']).lintFiles(['.']);
    expect(results.map((r) => r.messages.map((m) => m.message))).toEqual([[], [expect.stringMatching(/^drvlint: the file was not analysed: brackets nested \d+ deep$/)]]);
  });

  it('gives a file of two projects the findings of both, in whichever order they are asked for', async () => {
    const vcxproj = (define: string) => `<Project><ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>${define}</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup><ItemGroup><ClCompile Include="../shared.c" /><ClCompile Include="own.c" /></ItemGroup></Project>`;
    for (const name of ['one', 'two']) {
      write(`${name}/${name}.vcxproj`, vcxproj(name.toUpperCase()));
      write(`${name}/own.c`, 'int own;\n');
    }
    write('shared.c', `#ifdef TWO\n${WORKER}${START}#endif\n`);
    for (const files of [['one/own.c', 'shared.c'], ['two/own.c', 'shared.c'], ['shared.c']]) {
      expect(places(await eslint(plugin.configs['recommended']).lintFiles(files)), files.join()).toEqual(['shared.c:2 drvlint/role-type-declaration']);
    }
  });

  it('refuses unknown language options with the known ones named', async () => {
    write('a.c', 'int a;\n');
    const config = [{ files: ['**/*.c'], language: 'drvlint/c', languageOptions: { trees: true }, plugins: { drvlint: plugin } }];
    await expect(eslint(config).lintFiles(['a.c'])).rejects.toThrow(/unexpected language option "trees".*known are "tree" \(boolean\) and "facts" \(string\)/s);
  });

  it('ships configurations that agree with the rules\' meta', () => {
    for (const [id, objects] of Object.entries(plugin.configs)) {
      for (const object of objects) {
        const ids = Object.keys(object.rules).map((r) => r.replace('drvlint/', ''));
        for (const rule of ids) expect(plugin.rules[rule], `${id}: ${rule}`).toBeDefined();
      }
    }
    const names = (id: string) => Object.keys(plugin.configs[id][0].rules);
    expect(names('all')).toEqual(rules.filter((r) => r.meta.level !== 'info').map((r) => `drvlint/${r.meta.id}`));
    expect(names('recommended').filter((r) => !names('strict').includes(r))).toEqual([]);
  });
});
