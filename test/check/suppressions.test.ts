// Every form of suppression, through the whole engine, with a rule that reports each call of Forbidden.

import { describe, expect, it } from 'vitest';
import { checkText, checkTexts } from '../harness/check-text.js';

/** Lines with an open finding of the plain rule, and lines with a suppressed one. */
async function lines(text: string): Promise<{ open: number[]; suppressed: number[] }> {
  const findings = (await checkText(text)).filter((f) => f.rule === 'plain-rule');
  return { open: findings.filter((f) => !f.suppressed).map((f) => f.line), suppressed: findings.filter((f) => f.suppressed).map((f) => f.line) };
}

const inFunction = (...body: string[]) => ['void F(void)', '{', ...body, '}', ''].join('\n');

describe('pragmas', () => {
  it.each([
    '#pragma warning(suppress: 28999)', '#pragma warning( suppress : 4996 28999 )', '#pragma prefast(suppress: 28999, "why")', '#pragma prefast(suppress: cpp/drivers/plain-rule)',
    '#pragma warning(suppress: plain-rule)', '#pragma warning(suppress: 6011; suppress: 28999)', '#  pragma   warning ( suppress:28999 )',
  ])('%s covers the next line of code only', async (pragma) => {
    expect(await lines(inFunction(pragma, '', '  // a comment', '#pragma warning(suppress: 4127)', '  Forbidden();', '  Forbidden();'))).toEqual({ open: [8], suppressed: [7] });
  });

  it('keeps the reason and the place', async () => {
    const [finding] = await checkText(inFunction('#pragma prefast(suppress: 28999, "held by the caller")', '  Forbidden();'));
    expect(finding.suppressed).toEqual({ kind: 'pragma', line: 3, reason: 'held by the caller' });
  });

  it('covers the whole statement that begins on the next line, and only the head of a compound one', async () => {
    expect(await lines(inFunction('#pragma warning(suppress: 28999)', '  x = Allowed(1,', '    Forbidden());', '  Forbidden();'))).toEqual({ open: [6], suppressed: [5] });
    expect(await lines(inFunction('#pragma warning(suppress: 28999)', '  if (Forbidden()) {', '    Forbidden();', '  }'))).toEqual({ open: [5], suppressed: [4] });
  });

  it('disable holds to the end of the file, enable and default end it', async () => {
    expect(await lines(inFunction('  Forbidden();', '#pragma warning(disable: 28999)', '  Forbidden();', '#pragma warning(default: 28999)', '  Forbidden();', '#pragma warning(disable: 28999)', '  Forbidden();')))
      .toEqual({ open: [3, 7], suppressed: [5, 9] });
  });

  it('warning(push) keeps what is disabled and pop restores it', async () => {
    expect(await lines(inFunction('#pragma warning(push)', '#pragma warning(disable: 28999)', '  Forbidden();', '#pragma warning(push)', '  Forbidden();', '#pragma warning(pop)', '#pragma warning(pop)', '  Forbidden();')))
      .toEqual({ open: [10], suppressed: [5, 7] });
  });

  it('prefast(push) opens a fresh frame', async () => {
    expect(await lines(inFunction('#pragma prefast(disable: 28999)', '  Forbidden();', '#pragma prefast(push)', '  Forbidden();', '#pragma prefast(disable: 28999)', '  Forbidden();', '#pragma prefast(pop)', '  Forbidden();')))
      .toEqual({ open: [6], suppressed: [4, 8, 10] });
  });

  it('__pragma works on its line and in a macro', async () => {
    expect(await lines(inFunction('  __pragma(warning(suppress: 28999)) Forbidden();', '  Forbidden();'))).toEqual({ open: [4], suppressed: [3] });
    expect(await lines(`#define QUIETLY __pragma(warning(suppress: 28999))\n${inFunction('  QUIETLY Forbidden();', '  Forbidden();')}`)).toEqual({ open: [5], suppressed: [4] });
    expect(await lines(`#define QUIETLY() _Pragma("warning(suppress: 28999)")\n${inFunction('  QUIETLY()', '  Forbidden();', '  Forbidden();')}`)).toEqual({ open: [6], suppressed: [5] });
    expect(await lines(`#define ASSIGN(x) __pragma(warning(suppress: 28999)) y = (x)\n${inFunction('  ASSIGN(Forbidden());', '  y = Forbidden();')}`)).toEqual({ open: [5], suppressed: [4] });
  });

  it('counts in the file it stands in, not across includes', async () => {
    const { findings } = await checkTexts({ 'a.c': `#include "quiet.h"\n${inFunction('  Forbidden();')}`, 'quiet.h': '#pragma warning(disable: 28999)\n' });
    expect(findings.map((f) => [f.file, f.suppressed])).toEqual([['a.c', undefined]]);
  });

  it('counts nothing in code that is switched off', async () => {
    expect(await lines(inFunction('#if 0', '#pragma warning(disable: 28999)', '#endif', '  Forbidden();'))).toEqual({ open: [6], suppressed: [] });
  });

  it('foreign and malformed ones do nothing', async () => {
    expect(await lines(inFunction('#pragma warning(suppress: 28121)', '  Forbidden();', '#pragma warning(suppress 28999)', '  Forbidden();', '#pragma warning(once: 28999)', '  Forbidden();')))
      .toEqual({ open: [4, 6, 8], suppressed: [] });
  });
});

describe('comments', () => {
  it.each(['// drvlint-disable-next-line plain-rule -- why', '/* drvlint-disable-next-line C28999, other */', '// drvlint-disable-next-line'])('%s covers the next line of code', async (comment) => {
    expect(await lines(inFunction(comment, '', '  Forbidden();', '  Forbidden();'))).toEqual({ open: [6], suppressed: [5] });
  });

  it.each(['// drvlint-disable-line plain-rule', '/* drvlint-disable-line */', '// drvlint-disable-line cpp/drivers/plain-rule -- why'])('%s covers its line', async (comment) => {
    expect(await lines(inFunction(`  Forbidden(); ${comment}`, '  Forbidden();'))).toEqual({ open: [4], suppressed: [3] });
  });

  it('disable and enable cover a stretch', async () => {
    expect(await lines(inFunction('/* drvlint-disable plain-rule -- generated */', '  Forbidden();', '/* drvlint-enable plain-rule */', '  Forbidden();', '// drvlint-disable', '  Forbidden();')))
      .toEqual({ open: [6], suppressed: [4, 8] });
  });

  it('enable of one rule leaves the others off', async () => {
    expect(await lines(inFunction('// drvlint-disable', '  Forbidden();', '// drvlint-enable plain-rule', '  Forbidden();', '// drvlint-enable', '  Forbidden();')))
      .toEqual({ open: [6, 8], suppressed: [4] });
  });

  it('keeps the reason', async () => {
    const [finding] = await checkText(inFunction('  Forbidden(); // drvlint-disable-line plain-rule -- by design'));
    expect(finding.suppressed).toEqual({ kind: 'comment', line: 3, reason: 'by design' });
  });

  it('of other tools or in strings do nothing', async () => {
    expect(await lines(inFunction('  Forbidden(); // eslint-disable-line', '  Forbidden("// drvlint-disable-line");'))).toEqual({ open: [3, 4], suppressed: [] });
  });
});

describe('unused suppressions', () => {
  const messages = async (text: string) => (await checkText(text, { level: 'info' })).filter((f) => f.rule === 'unused-suppression').map((f) => `${f.line} ${f.level} ${f.message}`);

  it('are reported with what they name', async () => {
    expect(await messages(inFunction('  Allowed(); // drvlint-disable-line plain-rule', '// drvlint-disable-next-line plain-rul', '  Allowed();'))).toEqual([
      '3 warning this comment suppresses no finding of `plain-rule`',
      '4 warning there is no rule `plain-rul`; did you mean `plain-rule`?',
    ]);
  });

  it('are pragmas at level info, and none with foreign numbers', async () => {
    expect(await messages(inFunction('#pragma warning(suppress: 28999)', '  Allowed();', '#pragma warning(suppress: 4127)', '  Allowed();')))
      .toEqual(['3 info this pragma suppresses no finding of `28999`']);
  });

  it('are not those of rules that are off, nor in functions that were given up', async () => {
    expect(await checkText(inFunction('  Allowed(); // drvlint-disable-line plain-rule'), { rules: { 'plain-rule': { level: 'off' } } })).toEqual([]);
    const broken = await checkTexts({ 'a.c': 'void F(void)\n{\n  x = ( ; // drvlint-disable-line plain-rule\n  if }\n' });
    expect(broken.findings).toEqual([]);
  });

  it('is an enable that switches nothing on', async () => {
    expect(await messages(inFunction('// drvlint-enable plain-rule'))).toEqual(['3 warning nothing is switched off here that this comment could switch on']);
  });
});
