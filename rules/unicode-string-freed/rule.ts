// A string made by RtlCreateUnicodeString that nothing ever frees: in a local that nobody else gets to see, or in a global.

import {
  bodies, defineRule, poolTagArgument, recordName, uncast, usesOfLocal, values,
  type Bodies, type CallExpr, type Expr, type Func, type LocalUse, type Project, type RuleContext,
} from '@drvlint/core';

const MAKER = 'RtlCreateUnicodeString';
const FREERS = new Set(['RtlFreeUnicodeString', 'RtlFreeAnsiString', 'RtlFreeOemString']);

export default defineRule({
  meta: {
    id: 'unicode-string-freed',
    title: 'String of RtlCreateUnicodeString never freed',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/drivers/unicode-string-not-freed'],
    models: ['kernel'],
    help: 'Free the string with RtlFreeUnicodeString when it is not needed any more.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(bodies);
    for (const { call } of all.of(fn).calls(MAKER)) {
      const target = call.args[0] && uncast(call.args[0]);
      const variable = target?.k === 'unary' && target.op === '&' ? target.e : target;
      if (variable?.k !== 'name') continue;
      const local = ctx.project.localOf(variable.name, variable.start, fn);
      const lost = local ? local.v !== undefined && !local.v.isStatic && isOwn(ctx, variable, call, fn) && isLeaked(ctx, fn, variable.name, call)
        : isGlobalLeaked(ctx, all, variable.name, fn);
      if (!lost) continue;
      ctx.report({ file: fn.def!.file.path, start: call.args[0].start, end: call.args[0].end, message: `The string that ${MAKER} makes in '${variable.name}' is never freed with RtlFreeUnicodeString` });
    }
  },
});

/** The variable is a UNICODE_STRING, or a pointer that leads to nothing others know: never set, NULL, or fresh memory. */
function isOwn(ctx: RuleContext, variable: Expr & { k: 'name' }, call: CallExpr, fn: Func): boolean {
  const type = ctx.project.canonical(ctx.project.typeOf(variable, fn)!, fn.def!.file);
  if (recordName(type.base) !== 'UNICODE_STRING') return false;
  if (type.ptr === 0) return true;
  const definitions = ctx.analysis(values).definitionsAt(variable, call, fn);
  return definitions !== undefined && definitions.every((d) => d.kind === 'none' || (d.kind === 'value' && isFresh(ctx, uncast(d.e!), fn)));
}

function isFresh(ctx: RuleContext, e: Expr, fn: Func): boolean {
  if (ctx.project.valueOf(e, fn.def!.file) === 0) return true;
  return e.k === 'call' && poolTagArgument(ctx.project.calleeName(e, fn.def!.file) ?? '') !== undefined;
}

/** No use of the local frees the string or lets anything else keep it. */
function isLeaked(ctx: RuleContext, fn: Func, name: string, made: CallExpr): boolean {
  return usesOfLocal(ctx.project, fn, name).every((use) => use.call === made || keepsString(ctx.project, use, fn));
}

/** The use leaves the string with its variable. */
function keepsString(project: Project, use: LocalUse, fn: Func): boolean {
  if (use.kind === 'written' || use.kind === 'read' || use.kind === 'unevaluated') return true;
  if (use.part && !use.address && use.field !== undefined && use.field !== 'Buffer') return true;
  if (use.kind !== 'argument' || use.part) return false;
  const callee = project.calleeOf(use.call!, fn);
  if (callee?.def) return handlesString(project, callee, use.index!, new Set());
  const called = project.calleeName(use.call!, fn.def!.file) ?? '';
  return called !== '' && !callee && !FREERS.has(called) && !/Free|Delete|Insert|Register|Init(?:ialize)?ObjectAttributes/.test(called) && !project.macro(called, fn.def!.file);
}

/** A function of the project that neither frees nor keeps what its parameter points to. */
function handlesString(project: Project, callee: Func, index: number, seen: Set<Func>): boolean {
  const p = callee.params[index];
  if (!p || seen.has(callee)) return false;
  seen.add(callee);
  return usesOfLocal(project, callee, p.name).every((use) => {
    if (use.kind === 'read' || use.kind === 'unevaluated') return true;
    if (use.kind !== 'argument') return false;
    const next = project.calleeOf(use.call!, callee);
    return next?.def ? handlesString(project, next, use.index!, seen) : keepsString(project, use, callee);
  });
}

/** No function of the project frees the global or passes it to one that may. */
function isGlobalLeaked(ctx: RuleContext, all: Bodies, name: string, from: Func): boolean {
  const variable = ctx.project.variable(name, from.def!.file);
  if (!variable || variable.decl.isExtern || recordName(ctx.project.canonical(variable.decl.type, variable.file).base) !== 'UNICODE_STRING') return false;
  return ctx.project.funcs.every((fn) => (fn.def?.decl.body?.calls ?? []).every((call) => {
    const mentions = call.args.some((a) => mentionsName(a, name));
    return !mentions || ctx.project.calleeName(call, fn.def!.file) === MAKER;
  }) && !all.of(fn).assigns.some((a) => mentionsName(a.r, name)));
}

function mentionsName(e: Expr, name: string): boolean {
  const x = uncast(e);
  if (x.k === 'name') return x.name === name;
  if (x.k === 'unary' || x.k === 'field') return mentionsName(x.e, name);
  return false;
}
