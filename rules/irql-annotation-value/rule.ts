// IRQL annotations and constants that are no level at all.

import { annotationLevels, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-annotation-value',
    title: 'Value of an IRQL annotation or argument is no IRQL',
    family: 'annotations', level: 'error', presets: ['recommended'], since: '0.1.0',
    aliases: ['C28151', 'C28153', 'cpp/drivers/irql-illegal-value', 'cpp/drivers/irql-annotation-issue'], models: ['kernel'],
    help: 'Use one of the *_LEVEL constants, or a number up to the highest level of the architecture.',
  },
  file(ctx, file) {
    for (const v of ctx.analysis(annotationLevels).valuesIn(file)) {
      const message = v.why === 'out-of-range' ? `${v.text} is no IRQL for ${v.name}: levels are 0 to ${v.top}` : `'${v.text}' is a variable: ${v.name} wants a constant IRQL`;
      ctx.report({ file: v.file, start: v.start, end: v.end, message, function: v.func, variant: v.why });
    }
  },
});
