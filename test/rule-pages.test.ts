// Every rule has a page that says what it must, its examples are true, and its meta is sound.

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '@drvlint/rules';
import { root } from './harness/fixtures.js';
import { examplesOf, findingsIn, pageOf } from './harness/rule-pages.js';

const sections = ['What it does', 'Why', 'How to fix', 'Examples'];

describe.each(rules.map((r) => [r.meta.id, r] as const))('%s', (id, { meta }) => {
  it('has a page with its sections', () => {
    const page = pageOf(id) ?? '';
    const headings = [...page.matchAll(/^## (.+)$/gm)].map((m) => m[1].trim());
    expect(headings).toEqual(expect.arrayContaining(sections));
    const options = Object.keys((meta.options?.properties as object | undefined) ?? {});
    for (const option of options) expect(page, `option ${option} is not on the page`).toContain(`\`${option}\``);
    if (options.length > 0) expect(headings).toContain('Options');
  });

  it('has fixtures', () => {
    const folder = path.join(root, 'fixtures', id);
    const tested = fs.existsSync(folder) && fs.readdirSync(folder).length > 0;
    expect(tested).toBe(true);
  });

  it('has true examples', async () => {
    const examples = examplesOf(id);
    expect(examples.map((e) => e.verdict)).toEqual(expect.arrayContaining(['bad', 'good']));
    for (const example of examples) {
      const count = (await findingsIn(example)).length;
      expect(`line ${example.line}: ${count > 0 ? 'bad' : 'good'}`).toBe(`line ${example.line}: ${example.verdict}`);
    }
  });
});

describe('rules', () => {
  it('have the ids of their folders', () => {
    const folders = fs.readdirSync(path.join(root, 'rules')).filter((f) => fs.existsSync(path.join(root, 'rules', f, 'rule.ts'))).sort();
    expect(rules.map((r) => r.meta.id)).toEqual(folders);
  });

  it('share no alias but those of divided warnings', () => {
    const aliases = rules.flatMap((r) => r.meta.aliases.map((a) => a.toLowerCase()));
    // Several rules answer to these: Microsoft's number or query covers what is divided here (see the rule pages).
    const divided = new Set(['c28127', 'c28165', 'c28167', 'c28251', 'd0007', 'cpp/drivers/role-type-correctly-used']);
    expect(aliases.filter((a, i) => aliases.indexOf(a) !== i && !divided.has(a))).toEqual([]);
  });

  it('have options that a schema describes', () => {
    for (const { meta } of rules) {
      const properties = Object.keys((meta.options?.properties as object | undefined) ?? {});
      expect(Object.keys(meta.defaults ?? {}).filter((key) => !properties.includes(key)), meta.id).toEqual([]);
    }
  });

  it('have titles and help without a full stop too many', () => {
    for (const { meta } of rules) {
      expect(meta.title, meta.id).not.toMatch(/\.$/);
      expect(meta.help, meta.id).toMatch(/^[A-Z].*\.$/s);
    }
  });
});
