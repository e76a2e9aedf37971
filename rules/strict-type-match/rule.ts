// An enumerator of one enumeration given for a parameter that takes another.

import { defineRule, enumerationOf, strictParameter } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'strict-type-match',
    title: 'Enumerator of another enumeration than the parameter takes',
    family: 'annotations',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28139', 'cpp/drivers/strict-type-match'],
    models: ['kernel'],
    help: 'Give an enumerator of the type that the parameter has; equal numbers are no excuse, the next header may change them.',
  },
  func(ctx, fn) {
    const def = fn.def;
    for (const call of def?.decl.body?.calls ?? []) {
      call.args.forEach((arg, i) => {
        if (!def || arg.k !== 'name' || ctx.project.localOf(arg.name, arg.start, fn)) return;
        const found = enumerationOf(ctx.project, arg.name, def.file);
        const wanted = found && strictParameter(ctx.project, call, i, fn);
        if (!found || !wanted || found.some((name) => wanted.names.includes(name))) return;
        const parameter = wanted.parameter ? ` (${wanted.parameter})` : '';
        ctx.report({
          file: def.file.path,
          start: arg.start,
          end: arg.end,
          message: `'${arg.name}' is an enumerator of ${found[0]}, but parameter ${i + 1}${parameter} of '${wanted.callee}' takes ${wanted.names[0]}`,
        });
      });
    }
  },
});
