// A small rule of the tests' own: it reports every call of a function named Forbidden, with everything a finding can carry. Tests
// of hosts use it so that they do not depend on what the real rules find.

import { defineRule, type Rule } from '@drvlint/core';

export const plainRule: Rule = defineRule({
  meta: {
    id: 'plain-rule', title: 'A call of Forbidden', family: 'driver', level: 'error', presets: ['recommended'], since: '0.1.0',
    aliases: ['C28999', 'cpp/drivers/plain-rule'], models: ['kernel', 'user'], help: 'Call Allowed.', fixable: 'both',
    options: { type: 'object', additionalProperties: false, properties: { name: { type: 'string' } } }, defaults: { name: 'Forbidden' },
  },
  func(ctx, fn) {
    const def = fn.def;
    for (const call of def?.decl.body?.calls ?? []) {
      if (!def || call.callee.k !== 'name' || call.callee.name !== ctx.options.name) continue;
      const file = def.file.path;
      const at = { file, start: call.start, end: call.end };
      ctx.report({
        ...at, message: `${String(ctx.options.name)} is called in ${fn.name}`,
        ...(call.args.length > 0 ? { level: 'warning' as const } : {}),
        related: [{ file, start: def.decl.nameStart, end: def.decl.nameEnd, message: 'in this function' }],
        flow: [{ file, start: def.decl.nameStart, end: def.decl.nameEnd, message: 'entered here', irql: 'PASSIVE' }, { ...at, message: 'called here' }],
        fix: { title: 'Call Allowed instead', edits: [{ file, start: call.callee.start, end: call.callee.end, text: 'Allowed' }] },
        suggestions: [{ title: 'Remove the arguments', edits: [{ file, start: call.callee.end, end: call.end, text: '()' }] }],
      });
    }
  },
});

/** Stands in for the real rule, so that unused suppressions are reported. */
export const unusedRule: Rule = defineRule({
  meta: {
    id: 'unused-suppression', title: 'A suppression that suppresses nothing', family: 'driver', level: 'warning', presets: ['recommended'], since: '0.1.0',
    aliases: [], models: ['kernel', 'user'], help: 'Remove it.', fixable: 'fix',
  },
});

export const testRules: readonly Rule[] = [plainRule, unusedRule];
