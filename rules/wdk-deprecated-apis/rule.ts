// Pool allocators that ExAllocatePool2 and ExAllocatePool3 replace, with the rewritten call as a suggestion where it is plain.

import { bodies, defineRule, deprecatedAllocator, flagNames, poolFlagsOf, type CallExpr, type DeprecatedAllocator, type Fix, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'wdk-deprecated-apis',
    title: 'Deprecated pool allocation function',
    family: 'driver',
    level: 'warning',
    presets: ['recommended', 'mustfix'],
    since: '0.1.0',
    aliases: ['cpp/drivers/wdk-deprecated-api'],
    models: ['kernel'],
    help: 'Allocate with ExAllocatePool2 (or ExAllocatePool3), which zeroes the memory and never returns executable pool unless asked to.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    const found = ctx.analysis(bodies);
    const reported = new Set<number>();
    for (const site of found.of(fn).callsWhere((name) => deprecatedAllocator(name) !== undefined)) {
      const old = deprecatedAllocator(site.name)!;
      if (!found.isExternal(site, fn) || reported.has(site.call.start)) continue;
      reported.add(site.call.start);
      const fix = site.macro === undefined ? rewritten(ctx, file.path, site.call, old) : undefined;
      ctx.report({
        file: file.path, start: site.call.start, end: site.macro === undefined ? site.call.callee.end : site.call.end,
        message: `${old.name} is deprecated${site.macro === undefined ? '' : ` (used by macro ${site.macro})`}: use ${old.replacement}${old.flags ? ` with ${old.flags}` : ''}, or ${old.downlevel} on systems before Windows 10, version 2004`,
        ...(fix && { suggestions: [fix] }),
      });
    }
  },
});

/** The call with POOL_FLAGS, when type and tag are written out. */
function rewritten(ctx: RuleContext, file: string, call: CallExpr, old: DeprecatedAllocator): Fix | undefined {
  const [type, size, tag] = [call.args[old.type], call.args[old.size], old.tag === undefined ? undefined : call.args[old.tag]];
  if (!type || !size || !tag || old.flags || old.replacement !== 'ExAllocatePool2' || call.callee.k !== 'name') return undefined;
  const symbols = flagNames(type);
  const flags = symbols && poolFlagsOf(symbols);
  if (!flags) return undefined;
  const text = ctx.text(file);
  if (text.slice(call.callee.start, call.callee.end) !== old.name) return undefined;
  return {
    title: `Use ${old.replacement}(${flags}, ...): the memory is zeroed`,
    edits: [{ file, start: call.callee.start, end: call.callee.end, text: old.replacement }, { file, start: type.start, end: type.end, text: flags }],
  };
}
