// The command line on scratch folders: what goes where, and the exit status.

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineRule } from '@drvlint/core';
import { plainRule, testRules } from '../harness/plain-rule.js';
import { drvlint, scratch, type Ran } from '../harness/scratch.js';

const bad = 'void F(void)\n{\n    Forbidden();\n}\n';
const warn = 'void G(void)\n{\n    Forbidden(1);\n}\n';
const good = 'void H(void)\n{\n    Allowed();\n}\n';
const check = (cwd: string, ...words: string[]): Promise<Ran> => drvlint(cwd, words, { rules: testRules });

describe('exit status', () => {
  it('is 0 without findings, 1 with, and there is always a summary', async () => {
    expect(await check(scratch({ 'a.c': good }))).toEqual({ status: 0, out: '', err: expect.stringMatching(/^1 file, 1 function \(0 given up\), 0 findings, [\d.]+ s\n$/) as string });
    const { status, out, err } = await check(scratch({ 'a.c': bad }), '--format', 'compact');
    expect({ status, out }).toEqual({ status: 1, out: 'a.c:3:5: error: Forbidden is called in F [plain-rule]\n' });
    expect(err).toMatch(/^1 file, 1 function \(0 given up\), 1 finding \(1 error\), /);
  });

  it('follows --fail-on, --level and --max-warnings', async () => {
    const folder = scratch({ 'a.c': warn });
    expect((await check(folder)).status).toBe(1);
    expect((await check(folder, '--fail-on', 'error')).status).toBe(0);
    expect((await check(folder, '--level', 'error')).out).toBe('');
    expect((await check(folder, '--max-warnings', '1')).status).toBe(0);
    expect((await check(folder, '--max-warnings', '0')).status).toBe(1);
    expect((await check(scratch({ 'a.c': bad }), '--max-warnings', '9')).status).toBe(1);
  });

  it('is 2 when nothing was analysed', async () => {
    for (const folder of [scratch(), scratch({ 'readme.txt': 'no C here' })]) {
      const { status, err } = await check(folder);
      expect(status).toBe(2);
      expect(err).toMatch(/^drvlint: nothing was analysed: there is no C or C\+\+ file\n0 files, /);
    }
    const { status, err } = await check(scratch({ 'a.c': 'void F(void)\n{\n  if ( { ; } ) else ( ;\n}\n' }));
    expect(status).toBe(2);
    expect(err).toContain('all functions were given up');
  });

  it('is 2 for bad usage, with one line and a hint', async () => {
    expect(await check(scratch({ 'a.c': good }), '--formta', 'x')).toEqual({ status: 2, out: '', err: 'drvlint: unknown option --formta; did you mean --format?\ndrvlint --help shows how it is used\n' });
  });

  it('is 2 for a path that is not there, and the findings of the others are delivered', async () => {
    const { status, out, err } = await check(scratch({ 'a.c': bad }), 'a.c', 'gone.c', '--format', 'compact');
    expect(status).toBe(2);
    expect(out).toBe('a.c:3:5: error: Forbidden is called in F [plain-rule]\n');
    expect(err).toContain('drvlint: gone.c: no such file or folder\n');
  });
});

describe('bad input', () => {
  const others = async (files: Record<string, string | Uint8Array>, ...words: string[]): Promise<Ran> => {
    const ran = await check(scratch({ 'z.c': bad, ...files }), ...words, '--format', 'compact');
    expect(ran.out, 'the other file keeps its finding').toContain('z.c:3:5: error: Forbidden is called in F [plain-rule]\n');
    expect(ran.err).not.toMatch(/\n\s+at /);
    return ran;
  };

  it('binary renamed .c', async () => {
    const { status, err } = await others({ 'a.c': Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256) });
    expect(status).toBe(2);
    expect(err).toContain('drvlint: a.c: is binary, not source code\n1 file (1 failed), ');
  });

  it('a long single line', async () => {
    const { status, err } = await others({ 'a.c': `int x = 1;${' int y;'.repeat(3_000_000)}` });
    expect(status).toBe(2);
    expect(err).toMatch(/drvlint: a\.c: file of \d+ characters is too large\n/);
  });

  it('100,000 nested parentheses or blocks', async () => {
    const deep = 100_000;
    const { status, err } = await others({ 'p.c': `int F(void) { return ${'('.repeat(deep)}1${')'.repeat(deep)}; }`, 'b.c': `void F(void) ${'{'.repeat(deep)}${'}'.repeat(deep)}` });
    expect(status).toBe(2);
    expect(err).toContain('drvlint: b.c: brackets nested 100000 deep\ndrvlint: p.c: brackets nested 100001 deep\n1 file (2 failed), ');
  });

  it('unterminated comment and string', async () => {
    const { status, out } = await others({ 'c.c': 'void A(void) { Forbidden(); }\n/* never closed\nvoid B(void) {}\n', 's.c': 'char *s = "never closed\nvoid C(void) { y(); }\n' }, '--coverage');
    expect(status).toBe(1);
    expect(out).toContain('c.c:1:16: error: ');
    expect(out).toContain('  c.c:2: unterminated comment\n  s.c:1: unterminated string\n');
  });

  it('include cycles, missing includes, an empty file, two files of one name', async () => {
    const { status, err } = await others({
      'a.h': '#include "b.h"\n', 'b.h': '#include "a.h"\n', 'a.c': '#include "a.h"\n#include "gone.h"\nvoid A(void) { x(); }\n', 'e.c': '',
      'one/s.c': 'static void S(void) { a(); }\n', 'two/s.c': 'static void S(void) { b(); }\n',
    });
    expect(status).toBe(1);
    expect(err).toMatch(/^6 files, 4 functions \(0 given up\), 1 finding /);
  });

  it('symlink loops', async () => {
    const folder = scratch({ 'src/z.c': bad });
    fs.symlinkSync(folder, path.join(folder, 'src', 'loop'));
    fs.symlinkSync('nowhere', path.join(folder, 'src', 'dangling.c'));
    const { status, out } = await check(folder, '--format', 'compact');
    expect({ status, out }).toEqual({ status: 1, out: 'src/z.c:3:5: error: Forbidden is called in F [plain-rule]\n' });
  });

  it('a link to itself, found or named', async () => {
    const folder = scratch({ 'z.c': bad });
    fs.symlinkSync('self.c', path.join(folder, 'self.c'));
    fs.symlinkSync('self', path.join(folder, 'self'));
    expect(await check(folder, '--format', 'compact')).toMatchObject({ status: 1, out: 'z.c:3:5: error: Forbidden is called in F [plain-rule]\n' });
    const { status, out, err } = await check(folder, 'self.c', 'z.c', '--format', 'compact');
    expect({ status, out }).toEqual({ status: 2, out: 'z.c:3:5: error: Forbidden is called in F [plain-rule]\n' });
    expect(err).toMatch(/^drvlint: self\.c: .*\n1 file \(1 failed\), 1 function /);
  });

  it('links that lead out of the tree, unless they are named', async () => {
    const outside = scratch({ 'x.c': bad, 'below/y.c': bad });
    const folder = scratch({ 'z.c': bad, 'real/in.c': good });
    fs.symlinkSync(path.join(outside, 'x.c'), path.join(folder, 'linked.c'));
    fs.symlinkSync(path.join(outside, 'below'), path.join(folder, 'linked'));
    fs.symlinkSync(path.join(folder, 'real'), path.join(folder, 'again'));
    const { findings, notAnalysed } = JSON.parse((await check(folder, '--format', 'json')).out) as { findings: { file: string }[]; notAnalysed: unknown[] };
    expect(findings.map((f) => f.file)).toEqual(['z.c']);
    expect(notAnalysed).toEqual([{ file: 'linked.c', reason: 'is a link that leads out of the tree' }]);
    expect((await check(folder, 'linked.c', 'linked', '--format', 'compact')).out.split('\n').map((l) => l.split(':')[0])).toEqual(['linked.c', 'linked/y.c', '']);
  });

  it('devices and folders in place of files', async () => {
    const folder = scratch({ 'z.c': bad, 'folder.c/in.c': good });
    fs.symlinkSync('/dev/null', path.join(folder, 'device.c'));
    const { status, out, err } = await check(folder, 'device.c', 'folder.c', 'z.c', '--format', 'compact');
    expect({ status, out }).toEqual({ status: 2, out: 'z.c:3:5: error: Forbidden is called in F [plain-rule]\n' });
    expect(err).toMatch(/^drvlint: device\.c: is no regular file\n2 files \(1 failed\), 2 functions /);
  });

  it('names that would reach the terminal', async () => {
    const { out } = await check(scratch({ 'a\u001b[31m\u202e.c': `void F(void)\n{\n    Forbidden(/* \u001b]0;title\u0007 */);\n}\n` }));
    for (const sign of ['\u001b', '\u0007', '\u202e']) expect(out).not.toContain(sign);
    expect(out).toContain('a\u241b[31m\ufffd.c:3:5');
  });

  it('a file that vanishes while the run goes on costs nobody else', async () => {
    const folder = scratch({ 'one/Makefile': '', 'one/a.c': bad, 'two/Makefile': '', 'two/b.c': bad, 'two/c.c': good });
    const vanishing = defineRule({ meta: { ...plainRule.meta, id: 'vanishing', aliases: [] }, all() { fs.rmSync(path.join(folder, 'two/b.c'), { force: true }); } });
    const { status, out } = await drvlint(folder, ['--format', 'compact'], { rules: [vanishing, plainRule] });
    // Its text was read when the projects were planned.
    expect({ status, out }).toEqual({ status: 1, out: 'one/a.c:3:5: error: Forbidden is called in F [plain-rule]\ntwo/b.c:3:5: error: Forbidden is called in F [plain-rule]\n' });
    expect(fs.existsSync(path.join(folder, 'two/b.c'))).toBe(false);
  });

  it('a rule that throws costs its own findings only', async () => {
    const throwing = defineRule({ meta: { ...plainRule.meta, id: 'throwing', aliases: [] }, func(_ctx, fn) { throw new Error(`cannot bear ${fn.name}`); } });
    const { status, out, err } = await drvlint(scratch({ 'a.c': bad + good }), ['--format', 'compact'], { rules: [throwing, plainRule] });
    expect(status).toBe(2);
    expect(out).toBe('a.c:3:5: error: Forbidden is called in F [plain-rule]\n');
    expect(err).toContain('drvlint: internal error in rule throwing at a.c, function F: cannot bear F\n');
  });
});

describe('selection', () => {
  it('--rule, --only and presets', async () => {
    const folder = scratch({ 'a.c': `${bad}// drvlint-disable-line plain-rule\n` });
    const ids = async (...words: string[]) => [...new Set((await check(folder, '--format', 'compact', ...words)).out.match(/\[[\w-]+\]/g))];
    expect(await ids()).toEqual(['[plain-rule]', '[unused-suppression]']);
    expect(await ids('--rule', 'C28999=off')).toEqual([]);
    expect(await ids('--only', 'plain-rule')).toEqual(['[plain-rule]']);
    expect(await ids('--preset', 'cluster')).toEqual([]);
    expect((await check(folder, '--format', 'compact', '--rule', 'plain-rule=info', '--level', 'info')).out).toContain('a.c:3:5: info: ');
  });

  it('--define and --undefine decide conditionals', async () => {
    const folder = scratch({ 'a.c': `#if FEATURE\n${bad}#else\n${good}#endif\n` });
    expect((await check(folder, '--define', 'FEATURE=0')).status).toBe(0);
    expect((await check(folder, '-DFEATURE')).status).toBe(1);
    expect((await check(scratch({ 'a.c': `#ifdef FEATURE\n${bad}#else\n${good}#endif\n` }), '--undefine', 'FEATURE')).status).toBe(0);
  });

  it('accepts what has no effect yet', async () => {
    expect((await check(scratch({ 'a.c': good }), '--threads', '2', '--cache-dir', 'cache', '--arch', 'x86')).status).toBe(0);
    expect((await check(scratch({ 'a.c': good }), '--no-cache')).status).toBe(0);
  });
});

describe('sources', () => {
  it('honours .gitignore in folders, not for files that are named', async () => {
    const folder = scratch({ '.gitignore': 'out/\n*.gen.c\n', 'out/a.c': bad, 'b.gen.c': bad, 'src/.gitignore': '!keep.gen.c\n', 'src/keep.gen.c': bad, 'node_modules/m/x.c': bad });
    expect((await check(folder, '--format', 'compact')).out).toBe('src/keep.gen.c:3:5: error: Forbidden is called in F [plain-rule]\n');
    expect((await check(folder, '--format', 'compact', 'out/a.c', 'b.gen.c')).out.match(/^[\w./]+/gm)).toEqual(['b.gen.c', 'out/a.c']);
  });

  it('reads every kind of file and reports headers', async () => {
    const kinds = ['a.c', 'b.cpp', 'c.cc', 'd.cxx', 'e.h', 'f.hpp', 'g.hxx', 'h.inl', 'I.C'];
    const folder = scratch(Object.fromEntries([...kinds, 'x.txt', 'y.cs'].map((name, i) => [name, bad.replace('F(', `F${i}(`)])));
    expect((await check(folder, '--format', 'compact')).out.match(/^[\w.]+/gm)).toEqual([...kinds].sort());
  });

  it('standard input under a name', async () => {
    const folder = scratch({ 'shared.h': '#define CALL Forbidden\n' });
    const { status, out } = await drvlint(folder, ['--stdin', '--stdin-filename', 'src/new.c', '--format', 'compact'], { rules: testRules, stdin: `#include "../shared.h"\n${bad}` });
    expect({ status, out }).toEqual({ status: 1, out: 'src/new.c:4:5: error: Forbidden is called in F [plain-rule]\n' });
  });

  it('leaves generated files out and says so', async () => {
    const { out, status } = await check(scratch({ 'rpc_c.c': `/* this ALWAYS GENERATED file contains the client stubs */\n${bad}`, 'a.c': good }), '--coverage');
    expect(status).toBe(0);
    expect(out).toContain('rpc_c.c: generated by MIDL');
  });
});

describe('output', () => {
  it('writes pairs of reports and keeps standard output for the other', async () => {
    const folder = scratch({ 'a.c': bad });
    const { status, out } = await check(folder, '--format', 'json', '--output', 'r.json', '--format', 'sarif', '--output', 'r.sarif', '--format', 'compact');
    expect({ status, out }).toEqual({ status: 1, out: 'a.c:3:5: error: Forbidden is called in F [plain-rule]\n' });
    expect(JSON.parse(fs.readFileSync(path.join(folder, 'r.json'), 'utf8'))).toMatchObject({ version: 1, summary: { findings: { error: 1 } } });
    expect(JSON.parse(fs.readFileSync(path.join(folder, 'r.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(fs.readdirSync(folder).sort()).toEqual(['a.c', 'r.json', 'r.sarif']);
  });

  it('that cannot be written is status 2, the other report is still there', async () => {
    const folder = scratch({ 'a.c': bad, 'dir/x': '' });
    const { status, out, err } = await check(folder, '-f', 'json', '-o', 'dir', '-f', 'json', '-o', 'no/such/r.json', '-f', 'compact');
    expect(status).toBe(2);
    expect(out).toContain('[plain-rule]');
    expect(err).toContain('drvlint: dir: the report cannot be written: ');
    expect(err).toContain('drvlint: no/such/r.json: the report cannot be written: no such file or folder\n');
  });

  it('colours a terminal only', async () => {
    const folder = scratch({ 'a.c': bad });
    const run = async (terminal: boolean, env: Record<string, string>, ...words: string[]) => (await drvlint(folder, words, { rules: testRules, terminal, env })).out.includes('\u001b[');
    expect(await run(false, {})).toBe(false);
    expect(await run(true, {})).toBe(true);
    expect(await run(true, { NO_COLOR: '1' })).toBe(false);
    expect(await run(true, { TERM: 'dumb' })).toBe(false);
    expect(await run(true, {}, '--no-color')).toBe(false);
    expect(await run(false, {}, '--color')).toBe(true);
    expect(await run(true, {}, '--output', 'r.txt')).toBe(false);
  });

  it('shows progress on a terminal only, and takes it away', async () => {
    const folder = scratch({ 'a.c': bad });
    const err = async (terminal: boolean, env: Record<string, string>, ...words: string[]) => (await drvlint(folder, words, { rules: testRules, terminal, env })).err.replaceAll('\r\u001b[K', '<clear>');
    expect(await err(true, {})).toMatch(/^<clear>[^<]* 1\/1<clear>1 file, /);
    for (const quiet of [await err(false, {}), await err(true, { CI: '1' }), await err(true, {}, '--no-progress')]) expect(quiet).toMatch(/^1 file, /);
  });

  it.skipIf(process.platform === 'win32')('writes to what is no file as it is', async () => {
    const folder = scratch({ 'a.c': bad });
    const { status, err } = await check(folder, '--format', 'json', '--output', '/dev/full');
    expect({ status, said: err.split('\n')[0] }).toEqual({ status: 2, said: expect.stringMatching(/^drvlint: \/dev\/full: the report cannot be written: /) as string });
    expect((await check(folder, '--format', 'json', '--output', '/dev/null')).status).toBe(1);
    expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('--statistics, --timing, --stats and --quiet', async () => {
    const folder = scratch({ 'a.c': bad });
    expect((await check(folder, '--statistics')).err).toContain('Findings per rule:\n  plain-rule  1\n');
    expect((await check(folder, '--timing')).err).toMatch(/Time per rule:\n(?: {2}[\w-]+ +[\d.]+ ms\n)+/);
    expect((await check(folder, '--stats')).err).toMatch(/Time per stage:\n[\s\S]*Peak memory: \d+ MB\n/);
    expect((await check(folder, '--quiet')).err).toBe('');
  });
});
