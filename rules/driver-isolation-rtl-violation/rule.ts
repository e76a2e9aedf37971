// Rtl registry functions that reach outside of what an isolated driver owns, by their RelativeTo argument.

import { bodies, defineRule, registry, relativeRegistryFunction, uncast, type CallExpr, type Expr, type Func, type RuleContext } from '@drvlint/core';

const OPTIONAL = 0x80000000;

export default defineRule({
  meta: {
    id: 'driver-isolation-rtl-violation',
    title: 'Rtl registry access outside of the driver\'s own keys',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/drivers/driver-isolation-rtl-violation'],
    models: ['kernel'],
    help: 'Open the key with IoOpenDriverRegistryKey or IoOpenDeviceRegistryKey and use it with RTL_REGISTRY_HANDLE.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(bodies);
    for (const site of all.of(fn).callsWhere((name) => relativeRegistryFunction(name) !== undefined)) {
      const { call, name } = site;
      const message = all.isExternal(site, fn) && call.args[0] && problem(ctx, call, name, fn);
      if (message) ctx.report({ file: fn.def!.file.path, start: call.start, end: call.callee.end, message });
    }
  },
});

function problem(ctx: RuleContext, call: CallExpr, name: string, fn: Func): string | undefined {
  const value = constant(ctx, call.args[0], fn);
  if (value === undefined) return undefined;
  const base = value - (value >= OPTIONAL ? OPTIONAL : 0);
  if (base === constantOf(ctx, 'RTL_REGISTRY_HANDLE', fn)) {
    const handle = call.args[1] && uncast(call.args[1]);
    const source = handle && ctx.analysis(registry).handleAt(handle, call, fn);
    return source?.k === 'null' ? `${name} is called relative to a handle that is never opened; open the driver's key with IoOpenDriverRegistryKey` : undefined;
  }
  const written = ctx.text(fn.def!.file.path).slice(call.args[0].start, call.args[0].end);
  if (base !== constantOf(ctx, 'RTL_REGISTRY_DEVICEMAP', fn)) return `${name} is called relative to ${written}: an isolated driver reaches only its own keys, opened with IoOpenDriverRegistryKey or IoOpenDeviceRegistryKey`;
  if (relativeRegistryFunction(name) === 'read' || isSerialMap(ctx, call.args[1], fn)) return undefined;
  return `${name} writes below RTL_REGISTRY_DEVICEMAP, which an isolated driver may only read`;
}

function constantOf(ctx: RuleContext, name: string, fn: Func): number | undefined {
  return ctx.project.valueOf({ k: 'name', name, start: 0, end: 0 }, fn.def!.file);
}

function constant(ctx: RuleContext, e: Expr, fn: Func): number | undefined {
  const value = ctx.project.valueOf(uncast(e), fn.def!.file);
  return value === undefined ? undefined : value >>> 0;
}

/** SERIALCOMM is where serial port drivers announce their ports. */
function isSerialMap(ctx: RuleContext, path: Expr | undefined, fn: Func): boolean {
  const x = path && uncast(path);
  const macro = x?.k === 'name' ? ctx.project.macro(x.name, fn.def!.file)?.decl.body : undefined;
  const text = x?.k === 'str' ? x.text : macro ?? '';
  return /^L?"serialcomm(?:\\\\.*)?"$/i.test(text.trim());
}
