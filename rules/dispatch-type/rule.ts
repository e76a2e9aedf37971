// A slot of the dispatch table that gets a routine whose `_Dispatch_type_` is another, or none while others have theirs.

import {
  callbacksOf, defineRule, dispatchTypes, knownClass, majorNumber, sameRole, type FilledPlace, type Func, type Project, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'dispatch-type',
    title: 'Dispatch table slot with a routine of another dispatch type',
    family: 'roles',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28168', 'C28169', 'D0003', 'cpp/drivers/wrong-dispatch-table-assignment', 'cpp/windows/wdk/inconsistent-dispatch-annotation'],
    models: ['kernel'],
    help: 'Annotate the dispatch routine with `_Dispatch_type_(IRP_MJ_...)` for every slot it is stored in.',
  },
  all(ctx) {
    const slots = callbacksOf(ctx.project).places.filter((p) => p.slot !== undefined && p.assign !== undefined);
    const routines = new Set(slots.flatMap((p) => p.values.flatMap((v) => v.func ? [v.func] : [])));
    const annotated = [...routines].some((fn) => dispatchTypes(ctx.project, fn).names.length > 0);
    for (const place of slots) {
      for (const value of place.values) if (value.func) check(ctx, place, value.func, annotated);
    }
  },
});

function check(ctx: RuleContext, place: FilledPlace, fn: Func, annotated: boolean): void {
  const other = otherRole(ctx.project, fn);
  const message = other !== undefined ? `'${fn.name}' is declared as ${other}, but ${place.via} wants DRIVER_DISPATCH` : wrongType(ctx.project, place, fn, annotated);
  if (message === undefined) return;
  const at = fn.decls[0];
  ctx.report({
    file: place.file.path,
    start: place.assign!.start,
    end: place.assign!.end,
    message,
    ...(at && { related: [{ file: at.file.path, start: at.decl.nameStart, end: at.decl.nameEnd, message: `'${fn.name}' is declared here` }] }),
  });
}

/** The role of a function that is declared, but not as a dispatch routine. */
function otherRole(project: Project, fn: Func): string | undefined {
  const declared = project.rolesOf(fn).filter((r) => r.reason !== 'registration' && r.reason !== 'name');
  if (declared.length === 0 || declared.some((r) => sameRole(r.role, 'DRIVER_DISPATCH') || !knownClass(project, r.role, r.file))) return undefined;
  return declared[0]!.role;
}

function wrongType(project: Project, place: FilledPlace, fn: Func, annotated: boolean): string | undefined {
  const slot = place.slot!;
  if (slot === 'loop') return undefined;
  const types = dispatchTypes(project, fn);
  if (types.names.length === 0) {
    return annotated ? `'${fn.name}' has no _Dispatch_type_ for ${place.via}: add '_Dispatch_type_(${slot})' to its declaration` : undefined;
  }
  const wanted = majorNumber(project, slot, place.file);
  if (types.open || wanted === undefined || types.numbers.has(wanted)) return undefined;
  return `'${fn.name}' is stored in ${place.via}, but its _Dispatch_type_ names only ${types.names.join(', ')}`;
}
