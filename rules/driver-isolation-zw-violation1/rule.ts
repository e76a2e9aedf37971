// A key opened relative to a handle that did not come from the functions that give an isolated driver its keys.

import { defineRule, registry } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'driver-isolation-zw-violation1',
    title: 'Registry key opened relative to a handle from elsewhere',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/drivers/driver-isolation-zw-violation-1'],
    models: ['kernel'],
    help: 'Open the root with IoOpenDriverRegistryKey, IoOpenDeviceRegistryKey, IoOpenDeviceInterfaceRegistryKey or their WDF counterparts.',
  },
  func(ctx, fn) {
    for (const { site, root } of ctx.analysis(registry).openings(fn)) {
      if (!root || root === 'none' || (root.k !== 'null' && root.k !== 'unapproved')) continue;
      const file = fn.def!.file.path;
      ctx.report({
        file, start: site.call.start, end: site.call.callee.end,
        message: root.k === 'null' ? `${site.name} opens a key relative to a handle that is never opened; an isolated driver opens its root with IoOpenDriverRegistryKey or IoOpenDeviceRegistryKey`
          : `${site.name} opens a key relative to a handle from ${root.by} that is no key of the driver; an isolated driver opens its root with IoOpenDriverRegistryKey or IoOpenDeviceRegistryKey`,
        related: root.k === 'unapproved' ? [{ file, start: root.call.start, end: root.call.end, message: 'the handle comes from here' }] : [],
      });
    }
  },
});
