// A part of the projects of a run, for several machines: every project is in exactly one part, whoever asks, and the parts are about
// equally large by number of files.

import type { ProjectPlan } from './plan-types.js';

/** `index` from 1 to `count`. */
export interface Shard { index: number; count: number }

/** Indexes of the projects of a shard, in order. */
export function chooseShard(plans: readonly ProjectPlan[], { index, count }: Shard): number[] {
  const loads = new Array<number>(count).fill(0);
  const order = plans.map((_, i) => i).sort((a, b) => plans[b].files.length - plans[a].files.length || a - b);
  const chosen: number[] = [];
  for (const i of order) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] += plans[i].files.length;
    if (lightest === index - 1) chosen.push(i);
  }
  return chosen.sort((a, b) => a - b);
}
