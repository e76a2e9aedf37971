// --staged and --since on scratch repositories.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { testRules } from '../harness/plain-rule.js';
import { addFiles, drvlint, scratch } from '../harness/scratch.js';

function repository(files: Record<string, string>): string {
  const cwd = scratch(files);
  git(cwd, 'init', '-q');
  git(cwd, 'add', '.');
  git(cwd, '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '-m', 'start');
  return cwd;
}
function git(cwd: string, ...args: string[]): void {
  execFileSync('git', args, { cwd, stdio: 'ignore', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' } });
}
const check = (cwd: string, ...words: string[]) => drvlint(cwd, ['--format', 'compact', ...words], { rules: testRules });
const bad = (name: string) => `void ${name}(void)\n{\n    Forbidden();\n}\n`;

describe('--staged', () => {
  it('reads the staged text, not the working tree', async () => {
    const cwd = repository({ 'a.c': 'void F(void) { }\n', 'old.c': bad('Old'), 'x.h': '' });
    addFiles(cwd, { 'a.c': bad('F'), 'new \u00e4.c': '#include "x.h"\nvoid N(void) { NAME(); }\n' });
    fs.writeFileSync(path.join(cwd, 'x.h'), '#define NAME Allowed\n');
    git(cwd, 'add', '.');
    addFiles(cwd, { 'a.c': 'void F(void) { }\n', 'x.h': 'int broken(' });
    fs.rmSync(path.join(cwd, 'new \u00e4.c'));
    const { status, out, err } = await check(cwd, '--staged');
    expect({ status, out }).toEqual({ status: 1, out: 'a.c:3:5: error: Forbidden is called in F [plain-rule]\n' });
    expect(err).toMatch(/^3 files, 2 functions \(0 given up\), 1 finding /);
  });

  it('is content when no C file is staged', async () => {
    const cwd = repository({ 'a.c': bad('F') });
    addFiles(cwd, { 'readme.txt': 'x' });
    git(cwd, 'add', '.');
    expect(await check(cwd, '--staged')).toMatchObject({ status: 0, out: '', err: expect.stringContaining('drvlint: no C or C++ file is staged\n') as string });
  });

  it('outside of a repository is a failure', async () => {
    expect(await check(scratch({ 'a.c': '' }), '--staged')).toMatchObject({ status: 2, err: expect.stringMatching(/^drvlint: git: not a git repository/) as string });
  });
});

describe('--since', () => {
  it('reports in changed functions only, and in new files', async () => {
    const cwd = repository({ 'a.c': bad('Kept') + bad('Touched') + bad('Shrunk').replace('{', '{\n    int unused;'), 'b.c': bad('Other') });
    addFiles(cwd, { 'a.c': `\n\n${bad('Kept')}${bad('Touched').replace('{', '{\n    int x;')}${bad('Shrunk')}`, 'new.c': bad('New') });
    const { status, out } = await check(cwd, '--since', 'HEAD');
    expect(status).toBe(1);
    expect(out.match(/called in \w+/g)).toEqual(['called in Touched', 'called in Shrunk', 'called in New']);
  });

  it('counts from where the branch began, not what the other branch did since', async () => {
    const cwd = repository({ 'a.c': bad('Theirs') + bad('Ours') });
    const commit = (text: string) => {
      addFiles(cwd, { 'a.c': text });
      git(cwd, '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '-a', '-m', 'next');
    };
    git(cwd, 'checkout', '-q', '-b', 'mine');
    commit(bad('Theirs') + bad('Ours').replace('{', '{\n    int x;'));
    git(cwd, 'checkout', '-q', '-b', 'upstream', 'mine~');
    commit(bad('Theirs').replace('{', '{\n    int y;') + bad('Ours'));
    git(cwd, 'checkout', '-q', 'mine');
    expect((await check(cwd, '--since', 'upstream')).out.match(/called in \w+/g)).toEqual(['called in Ours']);
  });

  it('without changes there is nothing to do; an unknown revision is a failure', async () => {
    const cwd = repository({ 'a.c': bad('F') });
    expect(await check(cwd, '--since', 'HEAD')).toMatchObject({ status: 0, out: '' });
    expect(await check(cwd, '--since', 'no-such-branch')).toMatchObject({ status: 2, out: '', err: "drvlint: git: there is no revision 'no-such-branch'\n" });
    expect(await check(cwd, '--since=--output=x')).toMatchObject({ status: 2, err: "drvlint: git: '--output=x' is no revision\n" });
  });
});
