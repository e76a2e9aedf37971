// Two ways to add the check: in a header that is constantly true, or as the first statement of the body.

import { uncast, type ClusterModel, type Fix, type Func, type LoopFinding, type RuleContext } from '@drvlint/core';

export function loopSuggestions(ctx: RuleContext, model: ClusterModel, f: LoopFinding): Fix[] {
  if (f.fault !== 'no-check' && f.fault !== 'exit-state-only' && f.fault !== 'check-on-some-paths') return [];
  const worker = workerParameter(model, f.func);
  const stmt = f.loop?.stmt;
  if (!worker || !stmt) return [];
  const text = ctx.text(f.file.path);
  const fixes: Fix[] = [];
  const condition = constantHeader(stmt, text, model, f);
  if (condition && f.fault === 'no-check') {
    fixes.push({ title: `Loop while !ClusWorkerCheckTerminate(${worker}); what follows the loop then also runs on an abort`, edits: [{ file: f.file.path, ...condition, text: `${condition.before}!ClusWorkerCheckTerminate(${worker})` }] });
  }
  const body = 'body' in stmt && !Array.isArray(stmt.body) ? stmt.body : undefined;
  const status = statusVariable(f.func);
  if (body?.k === 'block' && status && text[body.start] === '{') {
    const indent = indentation(text, body.start);
    const step = indent.includes('\t') ? '\t' : '    ';
    const insert = `\n${indent}if (ClusWorkerCheckTerminate(${worker})) {\n${indent}${step}${status} = ERROR_OPERATION_ABORTED;\n${indent}${step}break;\n${indent}}`;
    fixes.push({ title: `Leave the loop with ERROR_OPERATION_ABORTED when ClusWorkerCheckTerminate(${worker}) is TRUE`, edits: [{ file: f.file.path, start: afterBrace(text, body.start), end: afterBrace(text, body.start), text: insert }] });
  }
  return fixes;
}

/** Name of the parameter that is the worker, if the function has one. */
function workerParameter(model: ClusterModel, fn: Func): string | undefined {
  const file = (fn.def ?? fn.decls[0]!).file;
  return fn.params.find((p) => p.name !== '' && model.api.isWorkerPointer(p.type, file))?.name;
}

/** Range of a condition that is always true; for `for (;;)` the place between the semicolons. */
function constantHeader(stmt: NonNullable<NonNullable<LoopFinding['loop']>['stmt']>, text: string, model: ClusterModel, f: LoopFinding): { start: number; end: number; before: string } | undefined {
  if (stmt.k === 'while' || stmt.k === 'do') {
    const value = model.project.valueOf(stmt.c, f.file);
    return value !== undefined && value !== 0 ? { start: stmt.c.start, end: stmt.c.end, before: '' } : undefined;
  }
  if (stmt.k !== 'for' || stmt.c) return undefined;
  const open = text.indexOf('(', stmt.start);
  const m = /^\(([^;()]*);(\s*);/.exec(text.slice(open, open + 200));
  if (!m || open < 0) return undefined;
  const at = open + m[0].length - 1 - m[2]!.length;
  return { start: at, end: at + m[2]!.length, before: ' ' };
}

/** DWORD variable that the function returns. */
function statusVariable(fn: Func): string | undefined {
  const body = fn.def?.decl.body;
  if (!body) return undefined;
  const returned = new Set<string>();
  const declared = new Set<string>();
  const walk = (list: readonly unknown[]): void => {
    for (const s of list as { k: string; e?: { k: string }; vars?: { name: string; type: { base: string; ptr: number } }[]; body?: unknown; then?: unknown; else?: unknown }[]) {
      if (s.k === 'return' && s.e) {
        const e = uncast(s.e as never);
        if (e.k === 'name') returned.add(e.name);
      }
      if (s.k === 'decl') for (const v of s.vars ?? []) if (/^(?:DWORD|ULONG|unsigned long)$/.test(v.type.base) && v.type.ptr === 0) declared.add(v.name);
      for (const inner of [s.body, s.then, s.else]) if (inner) walk(Array.isArray(inner) ? inner : [inner]);
    }
  };
  walk(body.stmts);
  return [...returned].find((n) => declared.has(n));
}

/** Behind an opening brace and a comment on its line. */
function afterBrace(text: string, brace: number): number {
  return brace + 1 + (/^[ \t]*(?:\/\/[^\r\n]*)?(?=\r?\n)/.exec(text.slice(brace + 1))?.[0].length ?? 0);
}

function indentation(text: string, brace: number): string {
  return /^[^\n]*\n([ \t]+)\S/.exec(text.slice(brace + 1))?.[1] ?? '    ';
}
