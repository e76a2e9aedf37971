// A string or another pointer where a pool tag belongs: its address becomes the tag.

import { bodies, defineRule, poolTagArgument, typeText, uncast } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'pool-tag-integral',
    title: 'Pool tag is a string or pointer instead of a character constant',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28134', 'cpp/drivers/pool-tag-integral'],
    models: ['kernel'],
    help: "Write the tag as a character constant of four characters, such as 'gaT1'.",
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    for (const { call, name } of ctx.analysis(bodies).of(fn).callsWhere((n) => poolTagArgument(n) !== undefined)) {
      const tag = call.args[poolTagArgument(name)!];
      if (!tag) continue;
      const x = uncast(tag);
      const type = x.k === 'str' ? undefined : ctx.project.typeOf(x, fn);
      const full = type && ctx.project.canonical(type, file);
      if (x.k !== 'str' && !(full && (full.ptr > 0 || full.dims))) continue;
      const what = x.k === 'str' ? 'a string' : `a '${typeText(type!)}'`;
      ctx.report({ file: file.path, start: tag.start, end: tag.end, message: `The pool tag is ${what}, so the tag becomes an address; it must be an integer such as 'gaT1'` });
    }
  },
});
