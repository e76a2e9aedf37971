// A default pool tag, also through variables: constants, globals that keep their initialiser, and locals by the assignments that reach the call.

import { bodies, defineRule, isDefaultPoolTag, poolTagArgument, values } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'default-pool-tag-extended',
    title: 'Default pool tag reaches an allocation, possibly through a variable',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/drivers/default-pool-tag-extended'],
    models: ['kernel'],
    help: 'Give the variable a tag of your own, so that pool reports name the driver that owns the memory.',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    for (const { call, name } of ctx.analysis(bodies).of(fn).callsWhere((n) => poolTagArgument(n) !== undefined)) {
      const tag = call.args[poolTagArgument(name)!];
      const value = tag && [...ctx.analysis(values).possibleAt(tag, call, fn).known].find(isDefaultPoolTag);
      if (value === undefined) continue;
      const text = [0, 8, 16, 24].map((shift) => String.fromCharCode((value >>> shift) & 0xff)).join('');
      ctx.report({ file: file.path, start: tag.start, end: tag.end, message: `The tag is '${text}' here, a default pool tag: pool reports cannot tell whose memory it is` });
    }
  },
});
