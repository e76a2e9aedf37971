// Pages of rules, as shipped with @drvlint/rules.

import fs from 'node:fs';

export function pageOf(rule: string): string | undefined {
  try {
    return fs.readFileSync(new URL(`../${rule}/README.md`, import.meta.resolve('@drvlint/rules')), 'utf8');
  } catch {
    return undefined;
  }
}
