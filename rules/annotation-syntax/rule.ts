// Annotations that cannot be read, or that say something in a place where it has no meaning.

import { annotationsOfFile, defineRule, majorNumber, readAnnotation, salEnv, salValue, type AnnotationPlace, type FileFacts, type RuleContext, type Sal } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'annotation-syntax',
    title: 'Annotation that cannot be read',
    family: 'annotations',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28260', 'C28266', 'C28285', 'cpp/drivers/annotation-syntax'],
    models: ['kernel'],
    help: 'Write the annotation as its documentation shows: right place, right number of arguments, a readable expression.',
  },
  file(ctx, file) {
    for (const place of annotationsOfFile(file)) {
      const message = problemOf(ctx, file, place);
      const { start, end } = place.annotation;
      if (message !== undefined) ctx.report({ file: file.path, start, end, message });
    }
  },
});

function problemOf(ctx: RuleContext, file: FileFacts, { annotation, on }: AnnotationPlace): string | undefined {
  if (annotation.kind !== 'sal' && annotation.kind !== 'decoration') return undefined;
  const { items, problems } = readAnnotation(annotation, salEnv(ctx.project, file));
  const [problem] = problems;
  if (problem) return `${problem.name}: ${problem.detail}`;
  for (const sal of items) {
    const message = misplaced(sal, on) ?? wrongValue(ctx, file, sal);
    if (message !== undefined) return message;
  }
  return undefined;
}

function misplaced(sal: Sal, on: AnnotationPlace['on']): string | undefined {
  if ((sal.kind === 'irql-saves-global' || sal.kind === 'irql-restores-global') && on === 'parameter') return `${sal.name} describes a whole function, not a parameter`;
  if (sal.kind === 'dispatch-type' && sal.when.length > 0) return `${sal.name} cannot depend on a condition`;
  return undefined;
}

/** Highest number that the driver annotations take for a dispatch type. */
const maxDispatchType = 63;

function wrongValue(ctx: RuleContext, file: FileFacts, sal: Sal): string | undefined {
  const [arg] = sal.args;
  if (!arg) return undefined;
  if (sal.kind === 'clear-do-init' && !/^(?:__)?(?:yes|no)$/.test(arg.text)) return `${sal.name} takes __yes or __no, not ${arg.text}`;
  if (sal.kind !== 'dispatch-type') return undefined;
  const value = salValue(arg, (name) => majorNumber(ctx.project, name, file));
  return value !== undefined && (value < -1 || value > maxDispatchType) ? `${sal.name}: ${arg.text} is no dispatch type (-1 to ${maxDispatchType})` : undefined;
}
