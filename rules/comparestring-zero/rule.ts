// B23: CompareString and its kin return CSTR_EQUAL (2) for equal strings and 0 for a failure, so a comparison with 0 never means equal.

import { cluster, defineRule, eachExpression, fileOf, placeOfCall, uncast, usesAfter, type CallExpr, type ClusterModel, type Expr, type Fix, type Func, type Occurrence, type RuleContext } from '@drvlint/core';

const COMPARES = /^CompareString(?:[AW]|Ex(?:A|W)?|Ordinal)?$/;

export default defineRule({
  meta: {
    id: 'comparestring-zero',
    title: 'Result of CompareString is compared with 0',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Compare the result with CSTR_EQUAL: CompareString returns 1, 2 or 3 for less, equal and greater, and 0 only when it fails.',
    fixable: 'fix',
  },
  func(ctx, fn) {
    const model = ctx.analysis(cluster);
    if (!model.coversFunc(fn)) return;
    eachExpression(fn, model, (o) => {
      if (o.e.k !== 'call' || !COMPARES.test(ctx.project.calleeName(o.e, fileOf(fn)) ?? '')) return;
      judge(ctx, model, fn, o.e, o);
    });
  },
});

function judge(ctx: RuleContext, model: ClusterModel, fn: Func, call: CallExpr, o: Occurrence): void {
  const parent = o.parents.find((p) => p.k !== 'cast');
  if (parent?.k === 'binary' && /^(?:[=!<>]=|[<>])$/.test(parent.op)) {
    const zero = [parent.l, parent.r].find((e) => isZero(e, ctx, fn));
    if (zero) report(ctx, fn, parent, `${parent.op === '!=' || parent.op === '>' ? 'always true unless the call fails' : 'true only when the call fails'}`, /^[=!]=$/.test(parent.op) ? fixOf(ctx, fn, zero) : undefined);
    return;
  }
  const truth = parent?.k === 'unary' && parent.op === '!' ? parent : undefined;
  if (truth || (!parent && o.inCondition) || (parent?.k === 'binary' && /^(?:&&|\|\|)$/.test(parent.op))) {
    ctx.report({ file: fileOf(fn).path, start: call.start, end: call.end, message: 'The result of CompareString is used as a truth value: it is 0 only when the call fails, and equal strings give CSTR_EQUAL (2).' });
    return;
  }
  stored(ctx, model, fn, call);
}

function isZero(e: Expr, ctx: RuleContext, fn: Func): boolean {
  const x = uncast(e);
  return x.k !== 'call' && ctx.project.valueOf(x, fileOf(fn)) === 0;
}

function report(ctx: RuleContext, fn: Func, at: Expr, what: string, fix?: Fix): void {
  ctx.report({
    file: fileOf(fn).path, start: at.start, end: at.end,
    message: `The result of CompareString is compared with 0, which is ${what}: equal strings give CSTR_EQUAL (2).`,
    ...(fix && { fix }),
  });
}

function fixOf(ctx: RuleContext, fn: Func, zero: Expr): Fix | undefined {
  const text = ctx.text(fileOf(fn).path).slice(zero.start, zero.end);
  return /^(?:0[uUlL]*|0x0+|FALSE|NULL)$/.test(text) ? { title: 'Compare with CSTR_EQUAL', edits: [{ file: fileOf(fn).path, start: zero.start, end: zero.end, text: 'CSTR_EQUAL' }] } : undefined;
}

/** A result kept in a local that nothing but a test against 0 looks at. */
function stored(ctx: RuleContext, model: ClusterModel, fn: Func, call: CallExpr): void {
  const cfg = model.graphs.cfg(fn)!;
  const place = placeOfCall(call, cfg);
  if (place?.result !== 'stored' || place.local === undefined) return;
  const uses = usesAfter(place.local, place, cfg, fn, model);
  const tests = uses.filter((u) => testsZero(u.e, place.local!, ctx, fn));
  if (uses.length === 0 || tests.length !== uses.length) return;
  report(ctx, fn, tests[0]!.e, 'true only when the call fails or for every result but that');
}

function testsZero(e: Expr, name: string, ctx: RuleContext, fn: Func): boolean {
  const x = uncast(e);
  if (x.k === 'name') return x.name === name;
  if (x.k === 'unary' && x.op === '!') return testsZero(x.e, name, ctx, fn);
  if (x.k !== 'binary' || !/^[=!]=$/.test(x.op)) return false;
  const sides = [uncast(x.l), uncast(x.r)];
  return sides.some((s) => s.k === 'name' && s.name === name) && sides.some((s) => isZero(s, ctx, fn));
}
