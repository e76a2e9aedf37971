// A3: the CLUS_WORKER given to ClusWorkerCreate must be zeroed. What counts as proof is the analysis's business; here are words and fix.

import { cluster, defineRule, ZeroInit, type CreateSite, type Fix, type NotZeroed, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'worker-struct-zero-init',
    title: 'CLUS_WORKER given to ClusWorkerCreate is not zero-initialised',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Zero the structure before the first ClusWorkerCreate: the function looks at its members and must find a worker that never ran.',
    fixable: 'fix',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    if (model.workers.sites.length === 0) return;
    const zero = new ZeroInit(model);
    for (const site of model.workers.sites) {
      const found = model.covers(site.file) ? zero.judge(site) : undefined;
      if (found) report(ctx, site, found);
    }
  },
});

function report(ctx: RuleContext, site: CreateSite, found: NotZeroed): void {
  const fix = found.local && found.why === 'local' ? initialise(ctx, found) : undefined;
  ctx.report({
    file: site.file.path, start: site.call.start, end: site.call.end, variant: found.why, level: found.why === 'constructor' ? 'warning' : 'error',
    message: `ClusWorkerCreate is given a CLUS_WORKER that ${reasonOf(found)}; it must point to a zero-initialised structure.`,
    related: [{ file: found.file.path, start: found.start, end: found.end, message: placeOf(found) }],
    ...(fix && { fix }),
  });
}

function reasonOf(found: NotZeroed): string {
  switch (found.why) {
    case 'local': return `is never initialised ('${found.local?.name ?? ''}')`;
    case 'heap': return 'lies in memory that was not zeroed';
    case 'partial': return 'is zeroed only in part: the size given is that of a pointer';
    case 'constructor': return 'the constructor of its class leaves uninitialised';
    default: return 'lies in a structure that is allocated without being zeroed';
  }
}

function placeOf(found: NotZeroed): string {
  switch (found.why) {
    case 'local': return 'declared here without an initialiser';
    case 'partial': return 'zeroes the size of a pointer';
    case 'constructor': return 'does not initialise the member';
    default: return 'allocated here';
  }
}

/** ` = {0}` after a local's name; `{}` in C++. */
function initialise(ctx: RuleContext, found: NotZeroed): Fix {
  const cpp = found.file.language === 'cpp';
  const rest = /^\s*(?:\[[^\]]*\]\s*)*/.exec(ctx.text(found.file.path).slice(found.end))?.[0].trimEnd().length ?? 0;
  const at = found.end + rest;
  return { title: `Initialise '${found.local?.name ?? ''}' with zeros`, edits: [{ file: found.file.path, start: at, end: at, text: cpp ? '{}' : ' = {0}' }] };
}
