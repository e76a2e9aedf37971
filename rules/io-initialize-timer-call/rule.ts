// IoInitializeTimer outside AddDevice, in a driver that has an AddDevice routine.

import { bodies, callGraph, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'io-initialize-timer-call',
    title: 'IoInitializeTimer called outside AddDevice',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28133', 'cpp/drivers/io-initialize-timer-call'],
    models: ['kernel'],
    help: 'Call IoInitializeTimer once per device object, in the AddDevice routine that creates it.',
  },
  func(ctx, fn) {
    const calls = ctx.analysis(bodies).of(fn).calls('IoInitializeTimer');
    if (calls.length === 0) return;
    const calling = ctx.analysis(callGraph);
    if (calling.inRole('DRIVER_ADD_DEVICE').size === 0 || calling.reachedFrom('DRIVER_ADD_DEVICE').has(fn)) return;
    for (const { call } of calls) {
      ctx.report({
        file: fn.def!.file.path, start: call.start, end: call.callee.end,
        message: `IoInitializeTimer is called in '${fn.name}', which AddDevice does not reach: a device object's timer is set up once, where the device is created`,
      });
    }
  },
});
