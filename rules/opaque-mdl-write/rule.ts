// Writes to fields of an MDL other than Next.

import { bodies, defineRule, guardedAccesses } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'opaque-mdl-write',
    title: 'Opaque field of an MDL written',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28145', 'cpp/drivers/opaque-mdl-write'],
    models: ['kernel'],
    help: 'Build the MDL that is needed with IoAllocateMdl and IoBuildPartialMdl; only Next may be changed.',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    for (const { use, guard, record, field } of guardedAccesses(ctx.analysis(bodies), fn)) {
      const { write } = use;
      if (record !== 'MDL' || !guard.readOnly || !write) continue;
      const base = use.e.e;
      const own = base.k === 'name' && ctx.project.localOf(base.name, base.start, fn);
      if (own && ctx.project.canonical(own.type, file).ptr === 0) continue;
      ctx.report({ file: file.path, start: write.start, end: write.end, message: `MDL.${field} is written; of an MDL only Next may be changed` });
    }
  },
});
