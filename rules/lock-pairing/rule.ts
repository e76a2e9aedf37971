// Locks that raise the IRQL: acquired twice, not released, released without being held, released in the wrong way or at the wrong level.

import { defineRule, irql, irqlReport, irqlWords, type IrqlWords, type LockEvent } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'lock-pairing',
    title: 'Lock is not acquired and released in pairs',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0', aliases: ['C28167'], models: ['kernel'],
    help: 'Release every lock exactly once on every path, with the counterpart of the routine that acquired it and the IRQL that it saved.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind === 'lock' && !e.cancel) ctx.report({ ...irqlReport(ctx.project, e, messageOf(e, words)), variant: e.problem });
    }
  },
});

function messageOf(e: LockEvent, words: IrqlWords): string {
  const lock = e.lock.startsWith('the ') || e.lock === '' ? e.lock || 'the lock' : `'${e.lock}'`;
  const held = e.heldBy === undefined ? '' : ` (${e.other}, ${words.place({ file: e.file, start: e.heldBy.start }, e.file)})`;
  switch (e.problem) {
    case 'acquired-twice': return `'${e.callee}' acquires ${lock}, which this path already holds${held}`;
    case 'not-held': return `'${e.callee}' releases ${lock}, which this path does not hold`;
    case 'released-twice': return `'${e.callee}' releases ${lock}, which this path has released already`;
    case 'held-at-return': return `'${e.func.name}' ends here with ${lock} held${held}`;
    case 'wrong-variant': return `'${e.callee}' releases ${lock}, which was acquired with '${e.other}'`;
    case 'below-held': return `'${e.callee}' lowers the IRQL to ${words.levels(e.to ?? 0)} while ${lock} is still held${held}`;
    case 'restores-unsaved': return `'${e.callee}' restores the IRQL from ${e.other === '' ? 'a variable' : `'${e.other}'`}, which was never saved on this path`;
    case 'restores-wrong-level': return `'${e.callee}' restores ${e.other === '' ? words.levels(e.to ?? 0) : `the IRQL from '${e.other}'`}, which is not the level from before ${lock} was acquired${held}`;
  }
}
