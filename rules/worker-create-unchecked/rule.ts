// A6: the result of ClusWorkerCreate must decide what happens next: ERROR_SUCCESS means that a thread runs, anything else that none does.

import { cluster, createFault, defineRule, type CreateFault, type CreateSite, type Fix, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'worker-create-unchecked',
    title: 'Result of ClusWorkerCreate is not checked, or checked in the wrong sense',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Compare the result of ClusWorkerCreate with ERROR_SUCCESS and go on as if the worker ran only then; otherwise return the error, which says why no thread was started.',
    fixable: 'suggestion',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    for (const site of model.workers.sites) {
      const fault = model.covers(site.file) ? createFault(model, site) : undefined;
      if (fault) report(ctx, site, fault);
    }
  },
});

function messageOf(fault: CreateFault): string {
  switch (fault.variant) {
    case 'dropped': return 'The result of ClusWorkerCreate is dropped: without ERROR_SUCCESS no worker runs.';
    case 'untested': return `The result of ClusWorkerCreate is stored in '${fault.local}' and never tested: without ERROR_SUCCESS no worker runs.`;
    case 'wrong-test': return `The result of ClusWorkerCreate is tested with ${fault.test}, which does not tell success from failure: compare it with ERROR_SUCCESS.`;
    default: return 'The result of ClusWorkerCreate is tested in the wrong sense: ERROR_SUCCESS is 0, so the branch that is taken on failure goes on as if the worker ran.';
  }
}

function report(ctx: RuleContext, site: CreateSite, fault: CreateFault): void {
  const fix = fault.variant === 'dropped' ? suggestion(ctx, site) : undefined;
  ctx.report({ file: site.file.path, start: site.call.start, end: site.call.end, variant: fault.variant, message: messageOf(fault), ...(fix && { suggestions: [fix] }) });
}

/** Stores the result in a DWORD local of the function and returns it on failure. */
function suggestion(ctx: RuleContext, site: CreateSite): Fix | undefined {
  const text = ctx.text(site.file.path);
  const ret = site.inside.ret;
  if (!ret || ret.ptr > 0 || !/^(?:DWORD|ULONG)$/.test(ret.base)) return undefined;
  const line = text.lastIndexOf('\n', site.call.start) + 1;
  const indent = /^[ \t]*/.exec(text.slice(line))![0];
  const statementEnd = text.indexOf(';', site.call.end) + 1;
  if (statementEnd === 0) return undefined;
  const name = existing(ctx, site) ?? 'dwStatus';
  const declare = existing(ctx, site) ? '' : 'DWORD ';
  const step = indent.includes('\t') ? '\t' : '    ';
  const head = text.slice(line + indent.length, site.call.start);
  if (head.replace(/\(void\)\s*/, '').trim() !== '') return undefined;
  const comment = /^[ \t]*(?:\/\/[^\r\n]*)?(?=\r?\n)/.exec(text.slice(statementEnd))?.[0].length ?? 0;
  return {
    title: 'Return the error when no worker was created',
    edits: [
      { file: site.file.path, start: line + indent.length, end: site.call.start, text: `${declare}${name} = ` },
      { file: site.file.path, start: statementEnd + comment, end: statementEnd + comment, text: `\n${indent}if (${name} != ERROR_SUCCESS) {\n${indent}${step}return ${name};\n${indent}}` },
    ],
  };
}

function existing(ctx: RuleContext, site: CreateSite): string | undefined {
  for (const name of ['sc', 'status', 'dwStatus', 'dwError', 'error', 'result', 'err', 'rc']) {
    const local = ctx.project.localOf(name, site.call.start, site.inside);
    if (local && !local.param && local.nameStart < site.call.start && /^(?:DWORD|ULONG)$/.test(local.type.base)) return name;
  }
  return undefined;
}
