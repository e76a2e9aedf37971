// A key opened by an absolute path that an isolated driver must not reach, or must not write.

import { defineRule, registry, registryPathAccess } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'driver-isolation-zw-violation2',
    title: 'Registry key opened by a path outside of the driver\'s keys',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/drivers/driver-isolation-zw-violation-2'],
    models: ['kernel'],
    help: 'Open keys relative to what IoOpenDriverRegistryKey or IoOpenDeviceRegistryKey gives.',
  },
  func(ctx, fn) {
    for (const { site, root, path, writes } of ctx.analysis(registry).openings(fn)) {
      if (root !== 'none' || !path) continue;
      const access = registryPathAccess(path.text);
      if (access === 'write' || (access === 'read' && writes !== true)) continue;
      ctx.report({
        file: fn.def!.file.path, start: site.call.start, end: site.call.callee.end,
        message: access === 'none' ? `${site.name} opens '${path.text}' without a root directory; an isolated driver reaches only its own keys`
          : `${site.name} opens '${path.text}' for writing; an isolated driver may only read there`,
        related: path.from ? [{ file: path.from.fn.def!.file.path, start: path.from.call.start, end: path.from.call.end, message: 'the path is passed here' }] : [],
      });
    }
  },
});
