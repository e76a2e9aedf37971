// What the annotation action needs of the analysis.

import { levelName, type Arch } from '@drvlint/wdk';

export { headStart, highest, lowest, type Func, type IrqlEngine } from '@drvlint/core';

export type Need = ReturnType<import('@drvlint/core').IrqlEngine['needsOf']>[number];

/** A level as it is written in source: its name, or the number. */
export function levelNameOf(level: number, arch: Arch): string {
  const name = levelName(level, arch);
  return /^\w+_LEVEL$/.test(name) ? name : String(level);
}
