// A truth value made an NTSTATUS by a cast or by a status macro: `NT_SUCCESS(f())` with a BOOLEAN f.

import { bodies, defineRule, meaningOf, meaningOfType, statusTest, uncast, type Meaning } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'ntstatus-explicit-cast-2',
    title: 'Truth value treated as an NTSTATUS',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28715', 'cpp/drivers/ntstatus-explicit-cast2'],
    models: ['kernel', 'user'],
    help: 'Test the truth value itself.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    const body = ctx.analysis(bodies).of(fn);
    for (const { call, name, macro } of body.callsWhere((n) => statusTest(n) === 'status')) {
      const [arg] = call.args;
      const given = arg && meaningOf(ctx.project, arg, fn);
      if (!given || !isTruth(given.meaning) || ctx.project.calleeOf(call, fn)) continue;
      const written = ctx.text(file.path).slice(arg.start, arg.end);
      ctx.report({
        file: file.path, start: call.start, end: call.end, variant: 'macro',
        message: `${name} is given a truth value (${given.name}): both TRUE and FALSE are success codes, so the result is always the same`,
        suggestions: name === 'NT_SUCCESS' && macro === undefined ? [{ title: 'Test the value itself', edits: [{ file: file.path, start: call.start, end: call.end, text: uncast(arg).k === 'binary' ? `(${written})` : written }] }] : [],
      });
    }
    for (const cast of body.casts) {
      if (meaningOfType(ctx.project, cast.type, file)?.meaning !== 'status') continue;
      const given = meaningOf(ctx.project, cast.e, fn);
      if (!given || !isTruth(given.meaning)) continue;
      ctx.report({ file: file.path, start: cast.start, end: cast.end, variant: 'cast', message: `A truth value (${given.name}) is cast to NTSTATUS: both TRUE and FALSE are success codes` });
    }
  },
});

function isTruth(meaning: Meaning): boolean {
  return meaning === 'boolean' || meaning === 'truth';
}
