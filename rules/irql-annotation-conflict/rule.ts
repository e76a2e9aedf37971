// IRQL annotations of one function that cannot all hold.

import { annotationLevels, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-annotation-conflict',
    title: 'IRQL annotations of a function contradict each other',
    family: 'annotations', level: 'warning', presets: ['recommended'], since: '0.1.0', aliases: [], models: ['kernel'],
    help: 'Correct the annotation that is wrong: no level satisfies both.',
  },
  file(ctx, file) {
    for (const fn of ctx.project.funcsIn(file)) {
      const c = ctx.analysis(annotationLevels).conflictOf(fn);
      if (c?.file !== file.path) continue;
      ctx.report({
        file: c.file, start: c.start, end: c.end, function: c.func.name, message: `${c.second} contradicts ${c.first} of '${c.func.name}'`,
        related: [{ ...c.at, message: c.first }],
      });
    }
  },
});
