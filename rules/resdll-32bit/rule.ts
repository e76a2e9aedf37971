// C: since Windows Server 2012 only 64-bit resource DLLs should be written. Told by the architecture the project is analysed for.

import { cluster, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'resdll-32bit',
    title: 'Resource DLL is built for 32-bit Windows',
    family: 'cluster', level: 'info', presets: [], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Build the resource DLL for x64 (or ARM64): clusters have no 32-bit nodes, and a 32-bit DLL needs a Resource Monitor of its own.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    if (ctx.project.arch !== 'x86') return;
    const entry = model.roles.withRole('Startup', 'StartupEx')[0];
    const table = model.roles.tables[0];
    const at = entry ? { file: entry.file, start: entry.start, end: entry.end } : table;
    if (!at || !model.covers(at.file)) return;
    ctx.report({ file: at.file.path, start: at.start, end: at.end, message: 'This resource DLL is built for 32-bit Windows; only 64-bit resource DLLs should be written since Windows Server 2012.' });
  },
});
