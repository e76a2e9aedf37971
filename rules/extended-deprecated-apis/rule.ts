// Calls of banned string, formatting, conversion and tracing functions, and uses of macros with such a name.

import { bannedFunction, bodies, defineRule, type BannedFunction } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'extended-deprecated-apis',
    title: 'Banned function',
    family: 'driver',
    level: 'warning',
    presets: ['recommended', 'mustfix'],
    since: '0.1.0',
    aliases: ['C28719', 'C28726', 'C28727', 'C28735', 'C28750', 'cpp/drivers/extended-deprecated-apis'],
    models: ['kernel'],
    help: 'Use the replacement that knows the size of the destination.',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    const found = ctx.analysis(bodies);
    for (const site of found.of(fn).callsWhere((name) => banned(name) !== undefined)) {
      if (!found.isExternal(site, fn)) continue;
      const { call, macro } = site;
      ctx.report({
        file: file.path, start: call.start, end: macro === undefined ? call.callee.end : call.end, variant: `C${banned(site.name)!.warning}`,
        message: textOf(banned(site.name)!, macro),
      });
    }
  },
});

function banned(name: string): BannedFunction | undefined {
  return bannedFunction(name.startsWith('std::') ? name.slice(5) : name);
}

function textOf(b: BannedFunction, macro: string | undefined): string {
  const instead = b.kernel ?? b.user;
  return `${b.name} is banned${macro === undefined ? '' : ` (used by macro ${macro})`}: ${b.why}${instead ? `; use ${instead}` : ''}`;
}
