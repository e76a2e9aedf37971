// C: since Windows Server 2012 only 64-bit resource DLLs should be written. Told by the architecture the project is analysed for, and by
// linker directives that name a function as only a 32-bit compiler decorates it.

import { cluster, defineRule } from '@drvlint/core';

/** `/EXPORT:Startup=_Startup@24`: __stdcall names of x86. */
const DECORATED = /^comment\s*\(\s*linker\b.*\/(?:EXPORT|INCLUDE):[^"]*\b_\w+@\d+/i;

export default defineRule({
  meta: {
    id: 'resdll-32bit',
    title: 'Resource DLL is built for 32-bit Windows',
    family: 'cluster', level: 'info', presets: [], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Build the resource DLL for x64 (or ARM64): clusters have no 32-bit nodes, and a 32-bit DLL needs a Resource Monitor of its own.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    for (const file of ctx.project.files) {
      if (!model.covers(file)) continue;
      for (const p of file.pragmas) {
        if (DECORATED.test(p.text)) ctx.report({ file: file.path, start: p.start, end: p.end, variant: 'decorated', message: 'This export names a function as a 32-bit compiler decorates it (_name@bytes); only 64-bit resource DLLs should be written since Windows Server 2012.' });
      }
    }
    if (ctx.project.arch !== 'x86') return;
    const entry = model.roles.withRole('Startup', 'StartupEx')[0];
    const table = model.roles.tables[0];
    const at = entry ? { file: entry.file, start: entry.start, end: entry.end } : table;
    if (!at || !model.covers(at.file)) return;
    ctx.report({ file: at.file.path, start: at.start, end: at.end, message: 'This resource DLL is built for 32-bit Windows; only 64-bit resource DLLs should be written since Windows Server 2012.' });
  },
});
