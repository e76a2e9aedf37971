// Every fixture says itself what is to be found in it; see design.md, "Fixtures".

import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listFixtures } from './harness/fixtures.js';
import { analyseFixture, failuresOf, fixedTexts } from './harness/run-fixture.js';

const fixtures = listFixtures();

describe('fixtures', () => {
  for (const fixture of fixtures) {
    it(fixture.name, async () => {
      expect(failuresOf(await analyseFixture(fixture))).toEqual([]);
    });

    for (const [suffix, kind] of [['fixed', 'fix'], ['suggested', 'suggestion']] as const) {
      const pairs = fixture.sources.map((file) => [file, file.replace(/\.(\w+)$/, `.${suffix}.$1`)]).filter(([, after]) => fs.existsSync(after));
      if (pairs.length === 0) continue;
      it(`${fixture.name}, ${suffix}`, async () => {
        const texts = await fixedTexts(fixture, kind);
        for (const [file, after] of pairs) expect(texts.get(file)).toBe(fs.readFileSync(after, 'utf8'));
      });
    }
  }
});
