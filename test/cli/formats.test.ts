// Every report format on findings with everything a finding can carry.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { formatters, type ReportData } from 'drvlint';
import { sourceFromString, type Finding } from '@drvlint/core';
import { root } from '../harness/fixtures.js';
import { plainRule, testRules } from '../harness/plain-rule.js';
import { drvlint, scratch } from '../harness/scratch.js';

const files = {
  'src/a b.c': [
    'void First(void)', '{', '\tForbidden();', '    Forbidden("<b>&amp;\u00e4\u{1f600}");', '    Forbidden(1); // drvlint-disable-line plain-rule -- by design', '}', '',
  ].join('\n'),
  'src/broken.c': 'void Broken(void)\n{\n    if ( { ; }\n}\nvoid Whole(void) { }\n',
};

async function report(format: string): Promise<string> {
  return (await drvlint(scratch(files), ['--format', format], { rules: testRules })).out;
}

/** Report data with many findings, without analysing anything. */
function many(count: number, more: Partial<Finding> = {}): ReportData {
  const findings = Array.from({ length: count }, (_, i): Finding => ({
    rule: 'plain-rule', level: i % 3 === 0 ? 'error' : i % 3 === 1 ? 'warning' : 'info', file: 'a.c', start: i, end: i + 1, line: i + 1, column: 1, endLine: i + 1, endColumn: 2,
    message: `number ${i}`, function: 'F', fingerprint: `f${i}:1`, related: [], flow: [], suggestions: [], ...more,
  }));
  return {
    tool: { name: 'drvlint', version: '1.2.3' }, cwd: '/w', rules: [plainRule], active: new Set(['plain-rule']), findings, sources: new Map(), projects: [], notAnalysed: [], failures: [],
    files: 1, filesFailed: 0, functions: 1, functionsAnalysed: 1, ms: 5, peakMemoryMB: 50, pageOf: () => undefined,
  };
}
const plain = { color: false };

describe('text', () => {
  it('shows the line with a caret, the path, the fixes and the help', async () => {
    expect((await report('text')).split('\n\n')[0]).toBe([
      'src/a b.c:3:2  error  Forbidden is called in First  plain-rule',
      '  3 | \tForbidden();',
      '    | \t^^^^^^^^^^^',
      '    1. line 1: entered here [PASSIVE]',
      '    2. line 3: called here',
      '    line 1: in this function',
      '    fix: Call Allowed instead',
      '    suggestion: Remove the arguments',
      '    help: Call Allowed.',
    ].join('\n'));
  });

  it('cuts a window out of a long line', async () => {
    const long = `void F(void) { ${'x();'.repeat(500)} Forbidden(); }\n`;
    const { out } = await drvlint(scratch({ 'l.c': long }), [], { rules: testRules });
    const [, source, caret] = out.split('\n');
    expect(source.length).toBeLessThan(180);
    expect(source.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('Forbidden()');
  });
});

it('compact is one line per finding', async () => {
  expect(await report('compact')).toBe([
    'src/a b.c:3:2: error: Forbidden is called in First [plain-rule]', 'src/a b.c:4:5: warning: Forbidden is called in First [plain-rule]', '',
  ].join('\n'));
});

describe('json', () => {
  const schema = JSON.parse(fs.readFileSync(path.join(root, 'packages/cli/drvlint.report.schema.json'), 'utf8')) as object;

  it('is what its schema says', async () => {
    const data = JSON.parse(await report('json')) as { findings: Record<string, unknown>[]; summary: unknown; notAnalysed: unknown };
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    validate(data);
    expect(validate.errors).toBeNull();
    expect(data.summary).toMatchObject({ files: 2, filesFailed: 0, functions: 3, functionsAnalysed: 2, findings: { error: 1, warning: 1, info: 0 }, suppressed: 1 });
    expect(data.notAnalysed).toEqual([{ file: 'src/broken.c', line: 1, function: 'Broken', reason: 'syntax error' }]);
    expect(data.findings[0]).toEqual({
      rule: 'plain-rule', level: 'error', file: 'src/a b.c', line: 3, column: 2, endLine: 3, endColumn: 13, message: 'Forbidden is called in First', function: 'First',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}:1$/) as string,
      related: [{ file: 'src/a b.c', line: 1, column: 6, endLine: 1, endColumn: 11, text: 'in this function' }],
      flow: [{ file: 'src/a b.c', line: 1, column: 6, text: 'entered here', irql: 'PASSIVE' }, { file: 'src/a b.c', line: 3, column: 2, text: 'called here' }],
      fixes: [
        { kind: 'fix', title: 'Call Allowed instead', edits: [{ file: 'src/a b.c', line: 3, column: 2, endLine: 3, endColumn: 11, start: 20, end: 29, text: 'Allowed' }] },
        { kind: 'suggestion', title: 'Remove the arguments', edits: [{ file: 'src/a b.c', line: 3, column: 11, endLine: 3, endColumn: 13, start: 29, end: 31, text: '()' }] },
      ],
    });
    expect(data.findings[2]).toMatchObject({ line: 5, suppressed: { kind: 'comment', reason: 'by design', line: 5 } });
  });

  it('counts columns in UTF-16 units', async () => {
    const { out } = await drvlint(scratch({ 'u.c': 'void F(void) { /* \u{1f600}\u00e4 */ Forbidden(); }\n' }), ['--format', 'json'], { rules: testRules });
    expect(JSON.parse(out)).toMatchObject({ findings: [{ column: 26, endColumn: 37 }] });
  });
});

describe('sarif', () => {
  const binary = (): string => {
    const platform = { linux: 'linux', darwin: 'darwin', win32: 'win32' }[process.platform as 'linux'];
    const folder = path.dirname(createRequire(import.meta.url).resolve(`@microsoft/sarif-multitool-${platform}/package.json`));
    const file = path.join(folder, process.platform === 'win32' ? 'Sarif.Multitool.exe' : 'Sarif.Multitool');
    if (process.platform !== 'win32') fs.chmodSync(file, 0o755);
    return file;
  };

  /** Errors and warnings of Microsoft's validator with the GitHub rules. */
  const validate = (sarif: string): string[] => {
    const folder = scratch({ 'r.sarif': sarif });
    execFileSync(binary(), ['validate', 'r.sarif', '--rule-kind', 'Sarif;Ghas', '--output', 'v.sarif', '--level', 'Error;Warning'], { cwd: folder, stdio: 'ignore' });
    const log = JSON.parse(fs.readFileSync(path.join(folder, 'v.sarif'), 'utf8').replace(/^\uFEFF/, '')) as Log;
    return (log.runs[0].results ?? []).map((r) => `${r.ruleId} ${r.level}: ${r.message.text ?? JSON.stringify(r.message.arguments)}`);
  };

  it('satisfies the validator with the rules of GitHub', async () => {
    expect(validate(await report('sarif'))).toEqual([]);
    expect(validate(formatters.sarif(many(0), plain))).toEqual([]);
  });

  it('satisfies it on what the real rules find, with flows, fixes and suppressions', async () => {
    const cwd = scratch({ 'own/Makefile': '', 'own/a.c': '#include <ntddk.h>\n#pragma warning(suppress: 28121)\nVOID OwnWait(PKEVENT E, PKSPIN_LOCK L) { KIRQL q; KeAcquireSpinLock(L, &q); KeWaitForSingleObject(E, Executive, KernelMode, FALSE, NULL); KeReleaseSpinLock(L, q); }\n' });
    for (const name of ['irql-too-high', 'use-decl-annotations', 'worker-struct-zero-init']) fs.cpSync(path.join(root, 'fixtures', name), path.join(cwd, path.basename(name)), { recursive: true });
    const { out, status } = await drvlint(cwd, ['--preset', 'all', '--no-config', '--format', 'sarif']);
    expect(status).toBe(1);
    const results = (JSON.parse(out) as Log).runs[0].results ?? [];
    const having = (test: (r: (typeof results)[number]) => unknown): number => results.filter(test).length;
    expect(having((r) => (r.codeFlows?.[0].threadFlows[0].locations.length ?? 0) > 2)).toBeGreaterThan(5);
    expect(having((r) => r.fixes)).toBeGreaterThan(5);
    expect(having((r) => r.suppressions?.length)).toBe(1);
    expect(validate(out)).toEqual([]);
  }, 120_000);

  it('carries flows, fixes, suppressions, fingerprints and notifications', async () => {
    const [run] = (JSON.parse(await report('sarif')) as Log).runs;
    const [first, second, third] = run.results ?? [];
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.originalUriBaseIds?.['%SRCROOT%'].uri).toMatch(/^file:\/\/\/.*\/$/);
    expect(run.tool.driver.rules?.map((r) => r.id)).toEqual(['plain-rule', 'unused-suppression']);
    expect(first).toMatchObject({ ruleId: 'plain-rule', ruleIndex: 0, level: 'error', suppressions: [] });
    expect(first.locations?.[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'src/a%20b.c', uriBaseId: '%SRCROOT%' }, region: { startLine: 3, startColumn: 2, endLine: 3, endColumn: 13, snippet: { text: 'Forbidden()' } },
    });
    expect(first.codeFlows?.[0].threadFlows[0].locations.map((l) => [l.location?.message?.text, l.state])).toEqual([['entered here', { irql: { text: 'PASSIVE' } }], ['called here', undefined]]);
    expect(first.fixes?.[0].artifactChanges[0].replacements[0]).toEqual({ deletedRegion: { startLine: 3, startColumn: 2, endLine: 3, endColumn: 11 }, insertedContent: { text: 'Allowed' } });
    expect(Object.keys(first.partialFingerprints ?? {})).toEqual(['primaryLocationLineHash', 'drvlint/v1']);
    expect(second.partialFingerprints).not.toEqual(first.partialFingerprints);
    expect(third.suppressions).toEqual([{ kind: 'inSource', status: 'accepted', justification: 'by design' }]);
    expect(run.invocations?.[0]).toMatchObject({
      executionSuccessful: true, toolExecutionNotifications: [{ level: 'note', message: { text: 'Function Broken was not analysed: syntax error.' } }],
    });
  });

  it('keeps to the limits, heaviest findings first, and says so', () => {
    const [run] = (JSON.parse(formatters.sarif(many(6000), plain)) as Log).runs;
    const levels = (run.results ?? []).map((r) => r.level);
    expect(levels.length).toBe(5000);
    expect(levels.filter((l) => l === 'error').length).toBe(2000);
    expect(levels.filter((l) => l === 'warning').length).toBe(2000);
    expect(run.invocations?.[0].toolExecutionNotifications?.[0].message.text).toBe('1000 findings of lower level were left out: at most 5000 are written.');
  });

  it('shortens a long path in the middle', () => {
    const step = (i: number) => ({ file: 'a.c', start: i, end: i + 1, line: i + 10, column: 1, endLine: i + 10, endColumn: 2, message: `step ${i}` });
    const [run] = (JSON.parse(formatters.sarif(many(1, { flow: Array.from({ length: 100 }, (_, i) => step(i)) }), plain)) as Log).runs;
    const texts = run.results?.[0].codeFlows?.[0].threadFlows[0].locations.map((l) => l.location?.message?.text) ?? [];
    expect([texts.length, texts[0], texts[14], texts[15], texts[29]]).toEqual([30, 'step 0', 'step 14', 'step 86', 'number 0']);
  });

  it('writes absolute paths as file URIs', () => {
    const uri = (file: string) => (JSON.parse(formatters.sarif(many(1, { file }), plain)) as Log).runs[0].results?.[0].locations?.[0].physicalLocation?.artifactLocation;
    expect(uri('/other/x y.c')).toEqual({ uri: 'file:///other/x%20y.c' });
    expect(uri('C:/other/x.c')).toEqual({ uri: 'file:///C:/other/x.c' });
    expect(uri('a#b%c?.c')).toEqual({ uri: 'a%23b%25c%3F.c', uriBaseId: '%SRCROOT%' });
  });
});

describe('formats of CI services', () => {
  const hostile = many(1, { file: 'a,b:c].c', message: 'one\n::error::two % ]; three' });

  it('github escapes what could be a command', () => {
    expect(formatters.github(hostile, plain)).toBe('::error file=a%2Cb%3Ac].c,line=1,endLine=1,col=1,endColumn=2,title=plain-rule::one%0A::error::two %25 ]; three\n');
    expect(formatters.github(many(3), plain).match(/^::\w+/gm)).toEqual(['::error', '::warning', '::notice']);
  });

  it('azure escapes what could be a command', () => {
    expect(formatters.azure(hostile, plain)).toBe('##vso[task.logissue type=error;sourcepath=a,b:c%5D.c;linenumber=1;columnnumber=1;code=plain-rule;]one%0A::error::two %AZP25 ]; three\n');
  });

  it('gitlab has unique fingerprints', () => {
    const issues = JSON.parse(formatters.gitlab(many(3, { fingerprint: 'same:1' }), plain)) as { fingerprint: string; severity: string; location: unknown }[];
    expect(issues.map((i) => i.severity)).toEqual(['critical', 'major', 'info']);
    expect(new Set(issues.map((i) => i.fingerprint)).size).toBe(3);
    expect(issues[1].location).toEqual({ path: 'a.c', lines: { begin: 2, end: 2 } });
  });

  it('junit is well-formed, with and without findings', async () => {
    for (const text of [await report('junit'), formatters.junit(many(0), plain), formatters.junit(many(1, { message: '<\u0000]]>&"\ud800' }), plain)]) {
      expect(XMLValidator.validate(text)).toBe(true);
    }
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(await report('junit')) as { testsuites: { '@_failures': string; testsuite: { testcase: unknown[] } } };
    expect(parsed.testsuites['@_failures']).toBe('2');
    expect(parsed.testsuites.testsuite.testcase).toHaveLength(2);
  });

  it('let nothing through that could move a cursor, change colours or reverse the reading direction', () => {
    const signs = '\u0007\u001b]0;x\u0007\u001b[31m\u007f\u0085\u009b31m\u200b\u202e\u2066\ufeff';
    const place = { file: `p${signs}.h`, start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2, message: `m${signs}` };
    const edit = { ...place, text: signs };
    const report = { ...many(2, { file: `f${signs}.c`, message: `m${signs}`, function: signs, related: [place], flow: [place], fix: { title: signs, edits: [edit] } }), sources: new Map([[`f${signs}.c`, sourceFromString(`/*${signs}*/\nint x;\n`, 'f')]]) };
    for (const [name, format] of Object.entries(formatters)) {
      // eslint-disable-next-line no-control-regex -- these are the characters it is about
      expect(format(report, plain), name).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/);
    }
    expect((JSON.parse(formatters.json(report, plain)) as { findings: { message: string }[] }).findings[0].message).toBe(`m${signs}`);
  });

  it('leave suppressed findings out', () => {
    const quiet = many(2, { suppressed: { kind: 'pragma' } });
    expect([formatters.github(quiet, plain), formatters.azure(quiet, plain), formatters.compact(quiet, plain), formatters.text(quiet, plain), JSON.parse(formatters.gitlab(quiet, plain))]).toEqual(['', '', '', '', []]);
  });
});

describe('html', () => {
  it('shows the interrupt level at every line', async () => {
    const source = '#include <ntddk.h>\nVOID Take(PKSPIN_LOCK Lock)\n{\n    KIRQL old;\n    KeAcquireSpinLock(Lock, &old);\n\n    Forbidden();\n    KeReleaseSpinLock(Lock, old);\n}\n';
    const { out } = await drvlint(scratch({ 'a.c': source }), ['--format', 'html'], { rules: testRules });
    const strips = [...out.matchAll(/id="f0l(\d+)"[^>]*><td>\d+<\/td><td class="strip ?(\w*)"(?: title="([^"]*)")?>/g)].map((m) => `${m[1]} ${m[2]} ${m[3] ?? ''}`.trim());
    expect(strips.slice(2, 9)).toEqual(['3 unknown as the caller&#39;s', '4 unknown as the caller&#39;s', '5 dispatch DISPATCH', '6 dispatch DISPATCH', '7 dispatch DISPATCH', '8 dispatch PASSIVE..DISPATCH', '9 unknown as the caller&#39;s']);
    expect(strips[0]).toBe('1');
  });


  it('is one page without anything from elsewhere, escaped', async () => {
    const page = await report('html');
    expect(page).toContain('Forbidden(&#34;&#60;b&#62;&#38;amp;');
    expect(page).not.toMatch(/<b>&amp;/);
    expect(page).not.toMatch(/(?:src|href)="(?!#|https:\/\/github\.com\/drvlint\/)/);
    expect(page).toContain('Content-Security-Policy');
    expect(page).toContain('<a href="#f0l1">line 1</a> entered here <span class="irql">PASSIVE</span>');
  });

  const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((f) => fs.existsSync(f));
  if (browser !== undefined) {
    it('lives in a browser: paths are drawn, hostile text stays text', async () => {
      const hostile = 'void F(void)\n{\n    Forbidden(); // <img src=x onerror="document.title=1"></pre><script>document.title=2</script>\n}\n';
      const { out } = await drvlint(scratch({ '<script>document.title=3<%2Fscript>.c': hostile }), ['--format', 'html'], { rules: testRules });
      const probe = `<script>{const list=document.querySelector('ol.flow'),drawn=()=>[...document.querySelectorAll('tr.step')].map(tr=>tr.dataset.steps+'@'+tr.cells[0].textContent).join(' ')+' '+document.querySelectorAll('svg path').length,say=(name,text)=>document.body.setAttribute('data-'+name,text);
say('first',drawn());list.click();say('clicked',drawn());list.dispatchEvent(new MouseEvent('mouseenter'));say('pointed',drawn());
say('found',document.title+' '+document.images.length);say('marked',document.querySelector('mark').textContent)}</script>`;
      const folder = scratch({ 'report.html': out.replace('</body>', `${probe}</body>`) });
      const dom = execFileSync(browser, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--dump-dom', `--user-data-dir=${path.join(folder, 'profile')}`, `file://${folder}/report.html`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 });
      for (const [name, value] of Object.entries({ first: '1@1 2@3 1', clicked: ' 0', pointed: '1@1 2@3 1', found: 'drvlint report 0', marked: 'Forbidden()' })) expect(dom).toContain(`data-${name}="${value}"`);
    }, 90_000);
  }
});
