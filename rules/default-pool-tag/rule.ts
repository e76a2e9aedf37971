// A pool tag that is the default one of the headers or the samples, written as a constant or through a macro.

import { bodies, defineRule, isDefaultPoolTag, poolTagArgument, uncast } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'default-pool-tag',
    title: 'Default pool tag used for an allocation',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28147', 'cpp/drivers/default-pool-tag'],
    models: ['kernel'],
    help: 'Use a tag of your own, so that pool reports name the driver that owns the memory.',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    for (const { call, name } of ctx.analysis(bodies).of(fn).callsWhere((n) => poolTagArgument(n) !== undefined)) {
      const tag = call.args[poolTagArgument(name)!];
      if (!tag) continue;
      const x = uncast(tag);
      if (x.k === 'name' && (ctx.project.localOf(x.name, x.start, fn) || ctx.project.variable(x.name, file))) continue;
      const value = ctx.project.valueOf(x, file);
      if (value === undefined || !isDefaultPoolTag(value)) continue;
      ctx.report({ file: file.path, start: tag.start, end: tag.end, message: `'${tagText(value)}' is a default pool tag: pool reports cannot tell whose memory it is` });
    }
  },
});

/** A tag as pool tools show it: lowest byte first. */
function tagText(value: number): string {
  return [0, 8, 16, 24].map((shift) => String.fromCharCode((value >>> shift) & 0xff)).join('');
}
