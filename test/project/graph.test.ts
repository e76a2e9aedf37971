// The analysis as actions: what comes out equals a check, an edit of comments changes no facts, and build systems see what depends on what.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../harness/fixtures.js';
import { addFiles, drvlint, scratch, type Ran } from '../harness/scratch.js';

const all = ['--no-config', '--preset', 'all', '--level', 'info'];

async function ok(cwd: string, ...words: string[]): Promise<Ran> {
  const ran = await drvlint(cwd, words);
  expect(ran.err.replace(/^drvlint: (?:\d+ projects?, |project .* is read as a whole).*\n/gm, '')).toBe('');
  expect(ran.status).toBe(0);
  return ran;
}

/** Every action of the graph of a folder, in order; the report of the whole. */
async function actions(cwd: string): Promise<string> {
  await ok(cwd, 'graph', '--quiet', '-o', 'g/build.ninja', '--no-config');
  const parts: string[] = [];
  for (const name of fs.readdirSync(path.join(cwd, 'g')).sort()) {
    const project = `g/${name}/project.json`;
    if (!fs.existsSync(path.join(cwd, project))) continue;
    const { units } = JSON.parse(fs.readFileSync(path.join(cwd, project), 'utf8')) as { units: { file: string }[] };
    const facts = units.map((_, i) => `g/${name}/${i}.facts`);
    for (const [i, { file }] of units.entries()) await ok(cwd, 'summarize', '--project', project, file, '-o', facts[i]);
    await ok(cwd, 'summarize', '--rest', '--project', project, ...facts, '-o', `g/${name}/rest.facts`);
    await ok(cwd, 'link', '--project', project, ...facts, `g/${name}/rest.facts`, '-o', `g/${name}/linked.facts`);
    await ok(cwd, 'report', `g/${name}/linked.facts`, '--partial', `g/${name}/report.json`, ...all);
    parts.push(`g/${name}/report.json`);
  }
  return (await drvlint(cwd, ['merge', ...parts, '--format', 'sarif', ...all])).out;
}

async function checked(cwd: string): Promise<string> {
  return (await drvlint(cwd, ['check', '--no-cache', '--format', 'sarif', ...all])).out;
}

function copyOf(...folders: string[]): string {
  const cwd = scratch();
  for (const folder of folders) {
    fs.cpSync(path.join(root, 'fixtures', folder), path.join(cwd, path.basename(folder)), { recursive: true });
    fs.writeFileSync(path.join(cwd, path.basename(folder), 'Makefile'), '');
  }
  return cwd;
}

const driver = {
  'Makefile': '',
  'drv.h': '#pragma once\n#define LIMIT (4 + 1)\nVOID Wait(PKSPIN_LOCK l);\n',
  'a.c': '#include <ntddk.h>\n#include "drv.h"\nVOID Wait(PKSPIN_LOCK l)\n{\n    KIRQL old;\n    KeAcquireSpinLock(l, &old);\n    KeDelayExecutionThread(KernelMode, FALSE, NULL);\n    KeReleaseSpinLock(l, old);\n}\n',
  'b.c': '#include <ntddk.h>\n#include "drv.h"\nVOID Start(PKSPIN_LOCK l)\n{\n    if (LIMIT > 3) Wait(l);\n}\n',
};

async function factsOf(cwd: string, unit: string): Promise<Buffer> {
  await ok(cwd, 'summarize', unit, '-o', 'unit.facts', '--no-config');
  return fs.readFileSync(path.join(cwd, 'unit.facts'));
}

describe('the actions', { timeout: 240_000 }, () => {
  it.each(['resdll-c', 'resdll-c-broken', 'resdll-cpp', 'resdll-cpp-broken'])('give the report of a check: %s', async (name) => {
    const cwd = copyOf(`projects/${name}`);
    expect(await actions(cwd)).toBe(await checked(cwd));
  });

  it('give the report of a check of many drivers, suppressions, fixes and files that cannot be read among them', async () => {
    const cwd = copyOf('irql-too-high', 'annotation-syntax', 'projects/resdll-c-broken');
    addFiles(cwd, { 'odd/Makefile': '', 'odd/empty.c': '', 'odd/broken.c': 'VOID F( {{{ \n', 'odd/binary.c': new Uint8Array(64), 'odd/alone.h': 'VOID Nobody(VOID);\n' });
    const report = await actions(cwd);
    expect(report).toBe(await checked(cwd));
    expect((JSON.parse(report) as { runs: { results: unknown[] }[] }).runs[0].results.length).toBeGreaterThan(20);
  });

  it('say when units see a header differently, and give the report of a check even so', async () => {
    const cwd = scratch({
      ...driver,
      'drv.h': '#pragma once\n#if KIND == 1\n#define LIMIT 1\n#else\n#define LIMIT 5\n#endif\nVOID Wait(PKSPIN_LOCK l);\n',
      'a.c': `#define KIND 2\n${driver['a.c']}`, 'b.c': `#define KIND 1\n${driver['b.c']}`,
    });
    await ok(cwd, 'graph', '--quiet', '-o', 'g/build.ninja', '--no-config');
    const project = `g/${path.basename(cwd).replace(/[^\w.-]/g, '_')}/project.json`;
    for (const unit of ['a', 'b']) await ok(cwd, 'summarize', '--project', project, `${unit}.c`, '-o', `${unit}.facts`);
    const { err } = await ok(cwd, 'link', '--project', project, 'b.facts', 'a.facts', '-o', 'linked.facts');
    expect(err).toMatch(/is read as a whole when it is reported on: drv\.h means something else in b\.c/);
    expect(await actions(cwd)).toBe(await checked(cwd));
  });

  it('work on units that are named, without a description', async () => {
    const cwd = scratch(driver);
    for (const unit of ['a', 'b']) await ok(cwd, 'summarize', `${unit}.c`, '-o', `${unit}.facts`, '--no-config');
    await ok(cwd, 'link', 'a.facts', 'b.facts', '-o', 'linked.facts', '--no-config');
    const { out, status } = await drvlint(cwd, ['report', 'linked.facts', '--format', 'compact', ...all]);
    expect(out).toBe((await drvlint(cwd, ['check', 'a.c', 'b.c', '--no-cache', '--format', 'compact', ...all])).out);
    expect(out).toContain('irql-too-high');
    expect(status).toBe(1);
  });

  it.each([
    [['summarize', 'a.c'], 'summarize needs one --output FILE'],
    [['summarize', 'none.c', '-o', 'x'], 'none.c: no project holds it'],
    [['link', 'a.c', '-o', 'x'], 'a.c: was not written by drvlint summarize'],
    [['report', 'a.c'], 'a.c: was not written by drvlint link'],
    [['link', 'gone', '-o', 'x'], 'gone: cannot be read: no such file or folder'],
  ])('say what is wrong: %j', async (words, message) => {
    const { status, err } = await drvlint(scratch(driver), words);
    expect([status, err.split('\n')[0]]).toEqual([2, `drvlint: ${message}`]);
  });

  it('notice facts that are missing, and sources that are not the ones that were summarized', async () => {
    const cwd = scratch(driver);
    await actions(cwd);
    const folder = `g/${path.basename(cwd).replace(/[^\w.-]/g, '_')}`;
    const missing = await drvlint(cwd, ['link', '--project', `${folder}/project.json`, `${folder}/0.facts`, '-o', 'x']);
    expect([missing.status, missing.err]).toEqual([2, 'drvlint: the facts of b.c are missing\n']);
    fs.appendFileSync(path.join(cwd, 'b.c'), 'int more;\n');
    const changed = await drvlint(cwd, ['report', `${folder}/linked.facts`]);
    expect([changed.status, changed.err]).toEqual([2, 'drvlint: b.c is not the text that was summarized\n']);
  });
});

describe('facts', { timeout: 240_000 }, () => {
  it('are the same bytes whenever and wherever they are made', async () => {
    const [one, two] = [scratch(driver), scratch(driver)];
    const facts = await factsOf(one, 'a.c');
    expect((await factsOf(one, 'a.c')).equals(facts)).toBe(true);
    expect(facts.includes(one)).toBe(false);
    const placed = (cwd: string): Promise<Ran> => ok(cwd, 'graph', '--quiet', '-o', 'g/build.ninja', '--no-config');
    await placed(one);
    await placed(two);
    expect((await factsOf(two, 'a.c')).equals(facts)).toBe(true);
  });

  it.each([
    ['a line before everything', (t: string) => `// Copyright\n${t}`],
    ['lines inside a function', (t: string) => t.replace('    KIRQL old;', '    /* the level\n       before */\n    KIRQL old; // kept')],
    ['behind a directive', (t: string) => t.replace('"drv.h"', '"drv.h" /* ours */ // all of it')],
    ['between the words of a call', (t: string) => t.replace('(KernelMode, FALSE', '( /* Mode */ KernelMode, /* Alertable */ FALSE')],
    ['at the end', (t: string) => `${t}/* end */\n\n`],
    ['other white space', (t: string) => t.replaceAll('    ', '\t').replaceAll('\n', '\r\n')],
  ])('stay the same when a comment is edited: %s', async (_, edit) => {
    const cwd = scratch(driver);
    const before = await factsOf(cwd, 'a.c');
    fs.writeFileSync(path.join(cwd, 'a.c'), edit(driver['a.c']));
    expect((await factsOf(cwd, 'a.c')).equals(before)).toBe(true);
  });

  it.each([
    ['a header\'s directive', 'drv.h', (t: string) => t.replace('(4 + 1)', '(4 + 1) // five')],
    ['a header\'s first line', 'drv.h', (t: string) => `/* drv.h */\n${t}`],
  ])('stay the same when a comment of %s is edited', async (_, file, edit) => {
    const cwd = scratch(driver);
    const before = await factsOf(cwd, 'b.c');
    fs.writeFileSync(path.join(cwd, file), edit(fs.readFileSync(path.join(cwd, file), 'utf8')));
    expect((await factsOf(cwd, 'b.c')).equals(before)).toBe(true);
  });

  it.each([
    ['code', (t: string) => t.replace('FALSE', 'TRUE')],
    ['a comment that speaks to drvlint', (t: string) => t.replace('    KeDelay', '    // drvlint-disable-next-line irql-too-high -- known\n    KeDelay')],
    ['a text in quotes', (t: string) => t.replace('"drv.h"', '"./drv.h"')],
  ])('change with %s', async (_, edit) => {
    const cwd = scratch(driver);
    const before = await factsOf(cwd, 'a.c');
    fs.writeFileSync(path.join(cwd, 'a.c'), edit(driver['a.c']));
    expect((await factsOf(cwd, 'a.c')).equals(before)).toBe(false);
  });
});

describe('ninja', { timeout: 240_000 }, () => {
  it('gets a file that says what depends on what', async () => {
    const cwd = scratch({ 'drv one/Makefile': '', 'drv one/a$b.c': driver['a.c'], 'drv one/drv.h': driver['drv.h'] });
    await ok(cwd, 'graph', '--ninja', '--preset', 'all', '--no-config');
    const text = fs.readFileSync(path.join(cwd, 'drvlint-graph/build.ninja'), 'utf8');
    expect(text.split('\n').filter((l) => l.startsWith('build '))).toEqual([
      'build drvlint-graph/build.ninja drvlint-graph/drv_one/project.json: graph',
      'build drvlint-graph/drv_one/drv_one_a_b.c.facts: summarize drv$ one/a$$b.c | drvlint-graph/drv_one/project.json',
      'build drvlint-graph/drv_one/rest.facts: rest | drvlint-graph/drv_one/project.json drvlint-graph/drv_one/drv_one_a_b.c.facts',
      'build drvlint-graph/drv_one/linked.facts: link drvlint-graph/drv_one/drv_one_a_b.c.facts drvlint-graph/drv_one/rest.facts | drvlint-graph/drv_one/project.json',
      'build drvlint-graph/drv_one/report.json: report | drvlint-graph/drv_one/linked.facts drv$ one/a$$b.c drv$ one/drv.h',
      'build drvlint-graph/drvlint.sarif: merge drvlint-graph/drv_one/report.json',
    ]);
    expect(fs.readFileSync(path.join(cwd, 'drvlint-graph/build.ninja.d'), 'utf8')).toBe('drvlint-graph/build.ninja: drv\\ one drv\\ one/Makefile drv\\ one/a$$b.c drv\\ one/drv.h\n');
  });

  it('does what is needed and no more', async () => {
    const cwd = scratch(driver);
    const bin = path.join(root, 'packages/cli/bin/drvlint.js');
    const words = ['--only', 'irql-too-high', '--no-config', '--max-warnings', '9', '--rule', 'irql-too-high=warning'];
    expect(spawnSync(process.execPath, [bin, 'graph', '--ninja', ...words], { cwd, encoding: 'utf8' }).status).toBe(0);
    const ninja = (): string[] => {
      const ran = spawnSync('ninja', ['-f', 'drvlint-graph/build.ninja'], { cwd, encoding: 'utf8', env: { ...process.env, NINJA_STATUS: '' } });
      if (ran.error) throw new Error('this test runs ninja; Debian has it as ninja-build', { cause: ran.error });
      expect(ran.stdout).not.toContain('FAILED');
      return [...ran.stdout.matchAll(/^drvlint: ([a-z]+)/gm)].map((m) => m[1]);
    };
    const sarif = (): string => fs.readFileSync(path.join(cwd, 'drvlint-graph/drvlint.sarif'), 'utf8');
    const steps = ninja();
    expect(steps.sort()).toEqual(['link', 'merge', 'report', 'summarize', 'summarize', 'summarize']);
    const before = sarif();
    fs.writeFileSync(path.join(cwd, 'drv.h'), `// a comment\n${driver['drv.h']}`);
    expect(ninja().filter((s) => s !== 'projects').sort()).toEqual(['merge', 'report', 'summarize', 'summarize'].filter((s) => s !== 'merge' || sarif() !== before));
    fs.writeFileSync(path.join(cwd, 'a.c'), driver['a.c'].replace('    KIRQL old;', '    KIRQL old;\n    KeStallExecutionProcessor(1);'));
    expect(new Set(ninja())).toEqual(new Set(['projects', 'summarize', 'link', 'report', 'merge']));
    expect(sarif()).not.toBe(before);
  });
});
