// B22: the format string of LogEvent follows FormatMessage, not printf. The call is known by the type of the pointer it goes through.

import { cluster, defineRule, eachExpression, fileOf, typeText, uncast, type CallExpr, type ClusterModel, type Expr, type Func, type RuleContext } from '@drvlint/core';
import { readFormat, type Format, type Insert } from './format.js';

/** Longest text of one cluster log entry. Source: PLOG_EVENT_ROUTINE. */
const LONGEST = 500;
/** Handles of the cluster API and of others that are no RESOURCE_HANDLE. */
const OTHER_HANDLES = /^(?:HRESOURCE|HCLUSTER|HGROUP|HNODE|HNETWORK|HNETINTERFACE|HKEY|SC_HANDLE|HMODULE|HINSTANCE|RESID|SOCKET)$/;

export default defineRule({
  meta: {
    id: 'logevent-format',
    title: 'Format string or handle given to LogEvent is wrong',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Write inserts as %1, %2!u! and so on, one for each argument, in a wide literal of at most 500 characters; print pointers with %1!p!. The text goes through FormatMessage, not through printf.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const model = ctx.analysis(cluster);
    if (!model.coversFunc(fn)) return;
    eachExpression(fn, model, (o) => { if (o.e.k === 'call' && model.api.kind(o.e, fn) === 'log') judge(ctx, model, fn, o.e); });
  },
});

function judge(ctx: RuleContext, _model: ClusterModel, fn: Func, call: CallExpr): void {
  const [handle, , format, ...args] = call.args;
  if (handle) judgeHandle(ctx, fn, handle);
  if (!format) return;
  const read = readFormat(format);
  if (!read) return;
  const say = (message: string, variant: string, suggestion?: { from: string; to: string }): void => {
    const written = ctx.text(fileOf(fn).path).slice(format.start, format.end);
    const at = suggestion ? written.indexOf(suggestion.from) : -1;
    ctx.report({
      file: fileOf(fn).path, start: format.start, end: format.end, message, variant,
      ...(suggestion && at >= 0 && { suggestions: [{ title: `Write ${suggestion.to}`, edits: [{ file: fileOf(fn).path, start: format.start + at, end: format.start + at + suggestion.from.length, text: suggestion.to }] }] }),
    });
  };
  if (!read.wide) return say('The format string of LogEvent is a narrow literal; it must be a wide one (L"...").', 'narrow');
  if (read.text.length > LONGEST) return say(`The format string of LogEvent has ${read.text.length} characters; an entry of the cluster log holds ${LONGEST}.`, 'length');
  const directive = read.printf[0];
  if (directive) return say(`'${directive}' is a printf directive; LogEvent follows FormatMessage, where the first argument is %1 and a number %1!u!.`, 'printf');
  if (!inserts(read, args, say)) widths(ctx, fn, read, args, say);
}

function inserts(read: Format, args: readonly Expr[], say: (message: string, variant: string) => void): true | undefined {
  if (read.inserts.some((i) => i.format.includes('*'))) return undefined;
  const highest = Math.max(0, ...read.inserts.map((i) => i.number));
  if (highest > args.length) {
    say(`The format string of LogEvent uses insert %${highest}, but ${args.length === 0 ? 'no argument follows' : `only ${args.length} argument${args.length === 1 ? ' follows' : 's follow'}`}.`, 'missing-argument');
    return true;
  }
  for (let n = 1; n < highest; n++) {
    if (read.inserts.some((i) => i.number === n)) continue;
    say(`The format string of LogEvent uses insert %${highest} but never %${n}.`, 'gap');
    return true;
  }
  return undefined;
}

/** A number format of 32 bits for an argument of 64. */
function widths(ctx: RuleContext, fn: Func, read: Format, args: readonly Expr[], say: (message: string, variant: string, s?: { from: string; to: string }) => void): void {
  if (ctx.project.arch === 'x86') return;
  for (const i of read.inserts) {
    const arg = args[i.number - 1];
    const wide = arg && isNarrowNumber(i) ? wideType(ctx, fn, arg) : undefined;
    if (!wide) continue;
    const to = wide.pointer ? `%${i.number}!p!` : `%${i.number}!I64${/[xX]/.exec(i.format)?.[0] ?? 'u'}!`;
    return say(`'${i.text}' prints the low 32 bits of a '${wide.text}' on x64; use ${to}.`, 'width', { from: i.text, to });
  }
}

function isNarrowNumber(i: Insert): boolean {
  return /^[-+ #0-9.]*(?:l|h)?[diouxX]$/.test(i.format);
}

function wideType(ctx: RuleContext, fn: Func, arg: Expr): { text: string; pointer: boolean } | undefined {
  const type = arg.k === 'cast' ? arg.type : ctx.project.typeOf(uncast(arg), fn);
  if (!type) return undefined;
  const full = ctx.project.canonical(type, fileOf(fn));
  if (full.ptr > 0 || full.dims || OTHER_HANDLES.test(type.base) || /^(?:RESOURCE_HANDLE|HANDLE)$/.test(type.base)) return { text: typeText(type), pointer: true };
  return /(?:__int64|long long)$/.test(full.base) ? { text: typeText(type), pointer: false } : undefined;
}

function judgeHandle(ctx: RuleContext, fn: Func, handle: Expr): void {
  const type = ctx.project.typeOf(uncast(handle), fn);
  if (!type) return;
  const full = ctx.project.canonical(type, fileOf(fn));
  const wrong = OTHER_HANDLES.test(type.base) || (full.ptr > 0 && full.base !== 'void' && ctx.project.record(full.base, fileOf(fn)) !== undefined && !/^(?:HANDLE|RESOURCE_HANDLE)$/.test(type.base));
  if (!wrong) return;
  ctx.report({
    file: fileOf(fn).path, start: handle.start, end: handle.end, variant: 'handle',
    message: `The first argument of LogEvent is a '${typeText(type)}'; it takes the RESOURCE_HANDLE that Open was given.`,
  });
}
