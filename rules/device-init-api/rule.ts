// A WDFDEVICE_INIT used after WdfDeviceCreate took it over, on paths on which the creation may have succeeded.

import { defineRule, deviceInitMisuses, type DeviceInitMisuse, type Func, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'device-init-api',
    title: 'WDFDEVICE_INIT used after WdfDeviceCreate',
    family: 'driver',
    level: 'error',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/device-init-api'],
    models: ['kernel'],
    help: 'Make all settings on the WDFDEVICE_INIT before WdfDeviceCreate; afterwards use the WDFDEVICE.',
  },
  func(ctx, fn) {
    for (const misuse of ctx.analysis(deviceInitMisuses).of(fn)) if (misuse.file === fn.def!.file.path) report(ctx, fn, misuse);
  },
  /** Parts that are included in the middle of a function. */
  file(ctx, file) {
    for (const { fn, misuse } of ctx.analysis(deviceInitMisuses).inPart(file)) report(ctx, fn, misuse);
  },
});

function report(ctx: RuleContext, fn: Func, { file, start, end, name, variable, created }: DeviceInitMisuse): void {
  ctx.report({
    file, start, end, function: fn.qualified,
    message: `${name} uses '${variable}' after WdfDeviceCreate, which owns it once the device exists`,
    related: [{ file: fn.def!.file.path, start: created.start, end: created.end, message: 'the device is created here' }],
  });
}
