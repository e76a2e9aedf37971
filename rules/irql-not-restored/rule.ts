// A path on which a function ends at another IRQL than its role, its annotations or its other ways out promise.

import { defineRule, irql, irqlReport, irqlWords, type ExitEvent, type IrqlWords } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-not-restored',
    title: 'Function does not end at the IRQL it should end at',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0',
    aliases: ['C28156', 'C28157', 'C28166', 'cpp/drivers/irql-not-used', 'cpp/drivers/irql-inconsistent-with-required'], models: ['kernel'],
    help: 'Lower the IRQL to the saved value (or release the lock) on every path out of the function, or annotate what the function does on purpose.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind === 'not-restored' && e.wants !== 'saved') ctx.report(irqlReport(ctx.project, e, messageOf(e, words)));
    }
  },
});

function messageOf(e: ExitEvent, words: IrqlWords): string {
  const name = e.func.name;
  switch (e.wants) {
    case 'raised': return `'${name}' ends at ${words.levels(e.here)} here${words.since(e)}, but it is declared ${e.because}`;
    case 'restored': return e.at ? `'${name}' ends here without having restored the IRQL, although ${e.because}` : `'${name}' ends here without releasing '${e.because}', which its other ways out release`;
    default:
      if (e.here === e.expected) return `'${name}' ends here at the IRQL that its caller saved${words.since(e)}: ${e.because}`;
      return `'${name}' ends at ${words.levels(e.here)} here${words.since(e)}, but it was entered at ${words.levels(e.expected)}: ${e.because}`;
  }
}
