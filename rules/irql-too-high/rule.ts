// A call above the highest IRQL its callee allows: contract of the DDI at these arguments, annotation, or what its body needs.

import { defineRule, irql, irqlReport, irqlWords, type IrqlWords, type LevelEvent } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-too-high',
    title: 'Function called at an IRQL above its maximum',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0',
    aliases: ['C28121', 'C28123', 'cpp/drivers/irql-too-high', 'cpp/drivers/ke-set-event-irql'], models: ['kernel'],
    help: 'Make the call before the IRQL is raised or after it is lowered, move it to a work item, or use a function that may be called at this IRQL.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind === 'too-high' && e.source !== 'paged') ctx.report(irqlReport(ctx.project, e, messageOf(e, words)));
    }
  },
});

function messageOf(e: LevelEvent, words: IrqlWords): string {
  const limit = words.top(e.allowed);
  const condition = e.because === undefined ? '' : ` ${e.because}`;
  const here = `${words.atLeast(e.here)}${words.since(e)}`;
  if (e.source === 'assertion') return `The IRQL is asserted to be at most ${limit}, but it is ${here}`;
  if (e.who === e.callee) return `'${e.callee}'${condition} may be called at ${limit} at most, but the IRQL is ${here}`;
  return `'${e.callee}' leads to '${e.who}', which may be called at ${limit} at most, but the IRQL is ${here}`;
}
