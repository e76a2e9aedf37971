// A short slice of the fuzzing; the long runs are `node test/fuzz/fuzz.mjs --count N`.
import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.mjs';

describe('fuzzing', { timeout: 240_000 }, () => {
  it.each([['bytes', 400], ['mutate', 40], ['levels', 12], ['options', 25], ['lsp', 3]] as const)('%s finds nothing that breaks', async (kind, count) => {
    const { problems, done } = await fuzz(kind, count, 1);
    expect(problems).toEqual([]);
    expect(done).toBe(count);
  });
});
