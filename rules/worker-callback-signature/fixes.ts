// Edits that give a worker the documented type: WINAPI where none is written, LPVOID for a typed second parameter with a cast as first
// statement. Offered as a fix only when nothing but ClusWorkerCreate uses the function; another result type is only ever suggested.

import type { ClusterModel, ApiDifference, Edit, Fix, Func, RuleContext } from '@drvlint/core';
import { typeText, uncast } from '@drvlint/core';

export function signatureFixes(ctx: RuleContext, model: ClusterModel, fn: Func, differences: readonly ApiDifference[]): { fix?: Fix; suggestions?: Fix[] } {
  const only = differences.length === 1 ? differences[0]! : undefined;
  const conventionAndParameter = differences.every((d) => d.what === 'calling-convention' || (d.what === 'parameter-type' && d.param === 1 && d.grade === 'info'));
  if (!fn.def || !conventionAndParameter) return only?.what === 'return-type' ? { suggestions: resultSuggestion(ctx, fn) } : {};
  if (model.workers.callersOf(fn).length > 0) return {};
  const edits: Edit[] = [];
  for (const d of differences) edits.push(...(d.what === 'calling-convention' ? conventionEdits(ctx, fn) : parameterEdits(ctx, model, fn)));
  return edits.length > 0 ? { fix: { title: 'Give the worker the type PWORKER_START_ROUTINE', edits } } : {};
}

/** Start of the declarator: `Class::name` begins with its scope. */
function declaratorStart(text: string, nameStart: number): number {
  const before = /(?<!\w)(?:[A-Za-z_]\w*\s*::\s*)+$/.exec(text.slice(Math.max(0, nameStart - 300), nameStart));
  return before ? nameStart - before[0].length : nameStart;
}

function conventionEdits(ctx: RuleContext, fn: Func): Edit[] {
  if (fn.decls.some((d) => d.decl.callconv !== undefined)) return [];
  return fn.decls.filter((d) => d.decl.viaTypedef === undefined).map((d) => {
    const at = declaratorStart(ctx.text(d.file.path), d.decl.nameStart);
    return { file: d.file.path, start: at, end: at, text: 'WINAPI ' };
  });
}

function parameterEdits(ctx: RuleContext, model: ClusterModel, fn: Func): Edit[] {
  const def = fn.def!;
  const param = def.decl.params[1];
  const body = def.decl.body;
  if (!param || !body) return [];
  const text = ctx.text(def.file.path);
  const name = /\blpParameter\b/.test(text.slice(def.decl.start, body.end)) ? 'lpWorkerContext' : 'lpParameter';
  const type = writtenType(text, param.start, param.nameStart) ?? typeText({ ...param.type, cv: 0 });
  const edits: Edit[] = fn.decls.flatMap((d) => {
    const p = d.decl.params[1];
    return p ? [{ file: d.file.path, start: p.start, end: p.end, text: d.decl === def.decl && param.name === '' ? 'LPVOID' : `LPVOID ${name}` }] : [];
  });
  if (param.name !== '') {
    const cast = def.file.language === 'cpp' ? `static_cast<${type}>(${name})` : `(${type})${name}`;
    const at = afterBrace(text, body.start);
    edits.push({ file: def.file.path, start: at, end: at, text: `\n${indentation(text, body.start)}${type} ${param.name} = ${cast};` });
  }
  for (const site of model.workers.sites) {
    for (const r of site.routines) {
      if (r.func !== fn || r.arg.k !== 'cast') continue;
      const inner = uncast(r.arg);
      edits.push({ file: r.file.path, start: r.arg.start, end: r.arg.end, text: ctx.text(r.file.path).slice(inner.start, inner.end) });
    }
  }
  return edits;
}

/** The parameter's type as it is written, when that is a plain one: `PRES`, `Pump*`. */
function writtenType(text: string, start: number, nameStart: number): string | undefined {
  const written = text.slice(start, nameStart).trim();
  return /^[A-Za-z_][\w:]*\s*\*?$/.test(written) ? written : undefined;
}

/** Behind an opening brace and a comment on its line. */
function afterBrace(text: string, brace: number): number {
  return brace + 1 + (/^[ \t]*(?:\/\/[^\r\n]*)?(?=\r?\n)/.exec(text.slice(brace + 1))?.[0].length ?? 0);
}

/** Blanks before the first statement of a body, or four. */
function indentation(text: string, brace: number): string {
  return /^\s*\n([ \t]+)\S/.exec(text.slice(brace + 1))?.[1] ?? '    ';
}

function resultSuggestion(ctx: RuleContext, fn: Func): Fix[] {
  const edits = fn.decls.flatMap((d) => {
    const ret = d.decl.ret;
    if (!ret || ret.ptr > 0) return [];
    const head = ctx.text(d.file.path).slice(d.decl.start, d.decl.nameStart);
    const at = head.search(new RegExp(`\\b${ret.base.replace(/[^\w]/g, '\\$&')}\\b`));
    return at < 0 ? [] : [{ file: d.file.path, start: d.decl.start + at, end: d.decl.start + at + ret.base.length, text: 'DWORD' }];
  });
  return edits.length === fn.decls.length ? [{ title: 'Return DWORD', edits }] : [];
}
