// sizeof of a pointer where the size of what it points to is meant: as the size of the memory that the same call, allocation or
// quotient is about. The size of a pointer elsewhere may well be what was wanted.

import { bodies, defineRule, poolTagArgument, sameText, uncast, walkStmts, type CallExpr, type Expr, type Func, type RuleContext, type SizeofExpr } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'pointer-variable-size',
    title: 'Size of a pointer taken for the size of what it points to',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28132', 'cpp/drivers/pointer-variable-size'],
    models: ['kernel', 'user'],
    help: 'Write sizeof(*p), or pass the size of the buffer along with the pointer.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const sizes = ctx.analysis(bodies).of(fn).sizeofs.filter((s) => s.e && isPointer(ctx, s.e, fn));
    if (sizes.length === 0) return;
    const judged = new Set<SizeofExpr>();
    const report = (size: SizeofExpr, why: string): void => {
      if (judged.has(size)) return;
      judged.add(size);
      const file = fn.def!.file.path;
      const written = ctx.text(file).slice(size.e!.start, size.e!.end);
      const pointsToVoid = isVoidPointer(ctx, size.e!, fn);
      ctx.report({
        file, start: size.start, end: size.end, message: `sizeof(${written}) is the size of a pointer, ${why}`,
        suggestions: pointsToVoid ? [] : [{ title: `Take the size of *${written}`, edits: [{ file, start: size.e!.start, end: size.e!.start, text: '*' }] }],
      });
    };
    for (const call of fn.def!.decl.body!.calls) for (const size of sizes) if (isSizeOf(call, size)) report(size, `but '${ctx.text(fn.def!.file.path).slice(size.e!.start, size.e!.end)}' is what the call works on`);
    walkStmts(fn.def!.decl.body!.stmts, {
      expr: (e) => {
        if (e.k === 'assign' && e.op === '=') for (const size of sizes) if (isAllocation(ctx, e.r, size, fn) && sameText(e.l, size.e!)) report(size, 'and that is all that is allocated for what it points to');
        if (e.k === 'binary' && e.op === '/') for (const size of sizes) if (uncast(e.l) === size && isElementSize(uncast(e.r), size.e!)) report(size, 'so the quotient is not the number of elements');
      },
      local: (v) => {
        for (const size of sizes) if (v.init && size.e!.k === 'name' && size.e!.name === v.name && isAllocation(ctx, v.init, size, fn)) report(size, 'and that is all that is allocated for what it points to');
      },
    });
  },
});

function isPointer(ctx: RuleContext, e: Expr, fn: Func): boolean {
  const x = uncast(e);
  if (e.k === 'cast' || (x.k !== 'name' && x.k !== 'field')) return false;
  if (x.k === 'name' && !ctx.project.localOf(x.name, x.start, fn) && ctx.project.macro(x.name, fn.def!.file)) return false;
  const type = ctx.project.typeOf(x, fn);
  if (!type || type.dims || type.ref || /^(?:HANDLE|NDIS_HANDLE|va_list)$/.test(type.base)) return false;
  const full = ctx.project.canonical(type, fn.def!.file);
  return full.ptr > 0 && !full.dims && !full.fn;
}

function isVoidPointer(ctx: RuleContext, e: Expr, fn: Func): boolean {
  const full = ctx.project.canonical(ctx.project.typeOf(e, fn)!, fn.def!.file);
  return full.base === 'void' && full.ptr === 1;
}

/** One argument is the pointer, another is its size, possibly times or plus something. */
function isSizeOf(call: CallExpr, size: SizeofExpr): boolean {
  const at = call.args.findIndex((a) => holds(a, size));
  return at >= 0 && call.args.some((a, i) => i !== at && sameText(a, size.e!));
}

function holds(e: Expr, size: SizeofExpr): boolean {
  const x = uncast(e);
  if (x === size) return true;
  return x.k === 'binary' && (x.op === '*' || x.op === '-' || x.op === '/') && (holds(x.l, size) || holds(x.r, size));
}

/** A call that allocates as much as the size says. */
function isAllocation(ctx: RuleContext, e: Expr, size: SizeofExpr, fn: Func): boolean {
  const x = uncast(e);
  if (x.k !== 'call') return false;
  const name = ctx.project.calleeName(x, fn.def!.file) ?? '';
  return (poolTagArgument(name) !== undefined || /alloc/i.test(name)) && x.args.some((a) => uncast(a) === size);
}

/** `sizeof(p[0])` or `sizeof(*p)` */
function isElementSize(e: Expr, pointer: Expr): boolean {
  if (e.k !== 'sizeof' || !e.e) return false;
  const x = uncast(e.e);
  return (x.k === 'index' || (x.k === 'unary' && x.op === '*')) && sameText(x.e, pointer);
}
