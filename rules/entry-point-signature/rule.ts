// B14: entry points, Startup and enumeration callbacks must have the type of their slot, and a table must say which version it is.

import {
  apiCallback, apiSignatureOf, callbackOfSlot, cluster, compareApiSignature, defineRule, fileOf, uncast, versionOfText, worstGrade,
  type ApiCallback, type ApiDifference, type ClusterModel, type Entry, type Func, type FunctionTable, type Related, type RuleContext,
} from '@drvlint/core';

/** Slots without which the Resource Monitor cannot work. Source: resapi.h, the pages of CLRES_Vn_FUNCTIONS. */
const NEEDED = ['Open', 'Close', 'Online', 'Offline', 'Terminate', 'LooksAlive', 'IsAlive'];

/** Functions that take a callback, the argument, and its type. Source: resapi.h. */
const ENUMERATIONS: ReadonlyMap<string, { arg: number; callback: string }> = new Map([
  ['ResUtilEnumResources', { arg: 2, callback: 'LPRESOURCE_CALLBACK' }],
  ['ResUtilEnumResourcesEx', { arg: 3, callback: 'LPRESOURCE_CALLBACK_EX' }], ['ResUtilEnumResourcesEx2', { arg: 3, callback: 'LPRESOURCE_CALLBACK_EX' }],
]);

export default defineRule({
  meta: {
    id: 'entry-point-signature',
    title: 'Entry point of a resource DLL or its function table has the wrong shape',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Give each entry point the type of its slot in the table version that is used, and fill every slot that the Resource Monitor needs: it calls each entry point through the pointer type of CLRES_Vn_FUNCTIONS.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const done = new Set<Func>();
    for (const entry of model.roles.entries) {
      if (done.has(entry.func) || !model.covers(entry.file)) continue;
      done.add(entry.func);
      entryPoint(ctx, model, entry);
    }
    for (const table of model.roles.tables) if (model.covers(table.file)) tableShape(ctx, table);
    for (const fn of model.functions) callbacks(ctx, model, fn, done);
  },
});

function entryPoint(ctx: RuleContext, model: ClusterModel, entry: Entry): void {
  const callback = entry.table ? callbackOfSlot(entry.table.version, entry.role) : undefined;
  const expected = entry.role === 'DllMain' ? undefined : apiCallback(callback?.name ?? entry.role);
  if (!expected) return;
  const related: Related[] = entry.table ? [{ file: entry.file.path, start: entry.start, end: entry.end, message: `fills slot ${entry.role} of '${entry.table.name}'` }] : [];
  const older = entry.table && entry.table.version > 1 ? apiCallback(callbackOfSlot(1, entry.role)?.name ?? '') : undefined;
  const isOlder = older !== undefined && older.params.length !== expected.params.length && entry.func.params.length === older.params.length;
  const hint = isOlder ? ` It has the parameters of version 1, but the table is of version ${entry.table!.version}.` : '';
  judge(ctx, model, entry.func, expected, `Entry point '${entry.func.name}' (${entry.role})`, related, hint);
}

function judge(ctx: RuleContext, model: ClusterModel, fn: Func, expected: ApiCallback, what: string, related: Related[], hint = ''): void {
  const place = fn.def ?? fn.decls[0]!;
  const all = compareApiSignature(apiSignatureOf(fn, ctx.project), expected, place.file, ctx.project, { x86: ctx.project.arch === 'x86', api: model.api });
  if (all.length === 0) return;
  ctx.report({
    file: place.file.path, start: place.decl.nameStart, end: place.decl.nameEnd, level: worstGrade(all), variant: all[0]!.what, related,
    message: `${what} ${sentence(all)}; ${expected.name} is ${expected.callback.returns} WINAPI (${expected.params.map((p) => p.text).join(', ')}).${hint}`,
  });
}

function sentence(list: readonly ApiDifference[]): string {
  const texts = list.map((d) => (/^\w+ parameter is/.test(d.text) ? `has the wrong type: its ${d.text}` : d.text));
  return texts.length === 1 ? texts[0]! : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

function tableShape(ctx: RuleContext, table: FunctionTable): void {
  const say = (level: 'error' | 'warning', variant: string, message: string): void => ctx.report({ file: table.file.path, start: table.start, end: table.end, level, variant, message });
  const declared = table.declared && versionOfText(table.declared.text);
  const size = table.size && versionOfText(ctx.text(table.file.path).slice(uncast(table.size).start, uncast(table.size).end));
  if (declared && declared !== table.version) say('error', 'version', `Function table '${table.name}' fills the functions of version ${table.version} but declares version ${declared}.`);
  else if (size && size !== (declared ?? table.version)) say('error', 'version', `Function table '${table.name}' has the size of version ${size} but is of version ${declared ?? table.version}.`);
  for (const name of NEEDED) {
    const slot = table.slots.get(name);
    if (slot ? slot.isNull : table.complete) say('warning', 'null-slot', `Slot ${name} of function table '${table.name}' is NULL; the Resource Monitor needs it.`);
  }
  const arbitrate = table.slots.get('Arbitrate');
  const release = table.slots.get('Release');
  const known = (slot: typeof arbitrate): boolean => slot !== undefined || table.complete;
  if (known(arbitrate) && known(release) && (arbitrate?.isNull ?? true) !== (release?.isNull ?? true)) {
    say('warning', 'arbitrate-release', `Function table '${table.name}' sets only one of Arbitrate and Release; a quorum resource needs both, any other neither.`);
  }
}

/** Functions given to ResUtilEnumResources and its kin. */
function callbacks(ctx: RuleContext, model: ClusterModel, fn: Func, done: Set<Func>): void {
  for (const call of model.graphs.calls(fn)) {
    const row = ENUMERATIONS.get(ctx.project.calleeName(call, fileOf(fn)) ?? '');
    const arg = row && call.args[row.arg];
    const x = arg && uncast(arg);
    const target = x?.k === 'unary' && x.op === '&' ? uncast(x.e) : x;
    if (!row || target?.k !== 'name' || ctx.project.localOf(target.name, target.start, fn)) continue;
    const callback = ctx.project.resolve(target.name, fileOf(fn), fn.def!.decl.scope.map((s) => s.name).filter(Boolean).join('::'));
    const expected = apiCallback(row.callback);
    if (!callback?.def || !expected || done.has(callback)) continue;
    done.add(callback);
    judge(ctx, model, callback, expected, `Callback '${callback.name}'`, [{ file: fileOf(fn).path, start: arg!.start, end: arg!.end, message: 'given to the enumeration here' }]);
  }
}
