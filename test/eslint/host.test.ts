// The plugin in the real ESLint: configurations, fixes, directives, selectors, a mixed repository, the cache.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ESLint, type Linter, type Rule } from 'eslint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import plugin, { factsHash } from 'eslint-plugin-drvlint';

const WORKER = 'static VOID Worker(PVOID Context) { UNREFERENCED_PARAMETER(Context); }\n';
const START = 'NTSTATUS Start(VOID)\n{\n    HANDLE h;\n    return PsCreateSystemThread(&h, 0, NULL, NULL, NULL, Worker, NULL);\n}\n';

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
    await new Promise((resolve) => setTimeout(resolve, 1100));
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
    expect(Object.keys(plugin.configs['all'][0].rules).length).toBe(Object.keys(plugin.rules).length);
  });
});
