// The result of a function that says it must be looked at, dropped or never read.

import { defineRule, uncheckedResults, type LostCall, type ResultUse } from '@drvlint/core';

/** Share of calls that look at the result, in percent, below which a project evidently does not care. */
const leastUsed = 50;

export default defineRule({
  meta: {
    id: 'examined-value',
    title: 'Result that must be looked at is ignored',
    family: 'annotations',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28193', 'cpp/drivers/examined-value'],
    models: ['kernel'],
    help: 'Test the result, return it, or write `(void)` in front of the call to say that it does not matter.',
  },
  all(ctx) {
    const use = ctx.analysis(uncheckedResults);
    for (const lost of use.lost) {
      const { file } = lost.fn.def!;
      ctx.report({
        file: file.path,
        start: lost.call.start,
        end: lost.call.end,
        message: `The result of '${lost.callee}' ${textOf(lost)}`,
        variant: lost.how,
        ...((lost.how === 'lost' || percentUsed(use, lost.callee) < leastUsed) && { level: 'info' as const }),
      });
    }
  },
});

function textOf(lost: LostCall): string {
  switch (lost.how) {
    case 'dropped': return 'is dropped: it must be looked at';
    case 'unread': return `is stored in '${lost.variable}' and never read: it must be looked at`;
    case 'lost': return `is stored in '${lost.variable}', but on some path not read before it is lost`;
  }
}

function percentUsed(use: ResultUse, callee: string): number {
  const total = use.total.get(callee) ?? 0;
  return total === 0 ? 100 : ((total - (use.ignored.get(callee) ?? 0)) * 100) / total;
}
