// DriverEntry, or a function it hands its RegistryPath to, keeping the pointer: the string is freed when DriverEntry returns.

import { baseName, bodies, defineRule, recordName, stackVariable, uncast, type Expr, type Func, type Related, type RuleContext } from '@drvlint/core';

const DEPTH = 3;

export default defineRule({
  meta: {
    id: 'driver-entry-save-buffer',
    title: 'RegistryPath of DriverEntry kept beyond its lifetime',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28131', 'cpp/drivers/driver-entry-save-buffer'],
    models: ['kernel'],
    help: 'Copy the string into memory of the driver.',
  },
  func(ctx, fn) {
    const paths = fn.params.filter((p) => {
      const type = ctx.project.canonical(p.type, fn.def!.file);
      return type.ptr === 1 && recordName(type.base) === 'UNICODE_STRING';
    });
    if (paths.length === 0 || fn.params.length !== 2) return;
    if (!fn.name.startsWith('DriverEntry') && !ctx.project.rolesOf(fn).some((r) => r.role === 'DRIVER_INITIALIZE')) return;
    for (const p of paths) follow(ctx, fn, p.name, [], new Set());
  },
});

/** Reports every place where the string a parameter points to is kept, in `fn` and in functions it is passed to. */
function follow(ctx: RuleContext, fn: Func, parameter: string, way: Related[], seen: Set<Func>): void {
  const body = fn.def?.decl.body;
  if (!body || seen.has(fn) || way.length > DEPTH) return;
  seen.add(fn);
  const file = fn.def!.file.path;
  const index = ctx.analysis(bodies).of(fn);
  const names = new Set([parameter, ...index.locals.filter((v) => v.init && isName(v.init, parameter)).map((v) => v.name)]);
  for (const a of index.assigns) {
    const given = a.op === '=' ? pointerOf(a.r, names) : undefined;
    if (!given || !outlives(ctx, a.l, fn)) continue;
    ctx.report({
      file, start: a.r.start, end: a.r.end, related: way,
      message: `'${ctx.text(file).slice(a.r.start, a.r.end)}' is kept, but the I/O manager frees the string when DriverEntry returns; copy the string`,
    });
  }
  for (const call of body.calls) {
    const callee = ctx.project.calleeOf(call, fn);
    const i = callee?.def ? call.args.findIndex((arg) => { const x = uncast(arg); return x.k === 'name' && names.has(x.name); }) : -1;
    const next = i < 0 ? undefined : callee?.params[i]?.name;
    if (callee && next) follow(ctx, callee, next, [...way, { file, start: call.start, end: call.end, message: `${callee.name} gets RegistryPath here` }], seen);
  }
}

function isName(e: Expr, name: string): boolean {
  const x = uncast(e);
  return x.k === 'name' && x.name === name;
}

/** The pointer itself, or the Buffer it leads to. */
function pointerOf(e: Expr, names: ReadonlySet<string>): Expr | undefined {
  const x = uncast(e);
  if (x.k === 'name') return names.has(x.name) ? x : undefined;
  return x.k === 'field' && x.arrow && x.name === 'Buffer' && x.e.k === 'name' && names.has(x.e.name) ? x : undefined;
}

/** The target of an assignment is a global or static, or reached through a pointer that does not point to the stack. */
function outlives(ctx: RuleContext, target: Expr, fn: Func): boolean {
  const base = baseName(target);
  if (!base) return false;
  const local = ctx.project.localOf(base.name, base.start, fn);
  if (!local) return ctx.project.variable(base.name, fn.def!.file) !== undefined || ctx.project.fieldOf(base, fn) !== undefined;
  if (local.v?.isStatic) return true;
  if (base === target || !followsPointer(target)) return false;
  return !(local.v?.init && stackVariable(ctx.project, local.v.init, fn));
}

function followsPointer(e: Expr): boolean {
  for (let x = e; ;) {
    if (x.k === 'field') {
      if (x.arrow) return true;
      x = x.e;
    } else if (x.k === 'unary') return x.op === '*';
    else if (x.k === 'index' || x.k === 'cast') x = x.e;
    else return false;
  }
}
