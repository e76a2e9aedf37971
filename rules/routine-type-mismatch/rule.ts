// A function given without a cast to a function pointer of the project's own type that it does not fit.

import {
  callbacksOf, defineRule, differences, differenceText, pointerSources, signatureOfFunctionType, type FilledPlace, type RuleContext, type Signature,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'routine-type-mismatch',
    title: 'Function that does not fit the function pointer it is given to',
    family: 'roles',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28127', 'cpp/drivers/routine-function-type-not-expected'],
    models: ['kernel'],
    help: 'Change the function, or the pointer type, so that return type and parameters are the same.',
  },
  all(ctx) {
    for (const place of callbacksOf(ctx.project).places) {
      const wanted = wantedSignature(ctx, place);
      if (!wanted) continue;
      for (const source of pointerSources(ctx.project, place.value, place.file, place.inside)) {
        const found = differences(ctx.project, wanted, source.signature, { voidTakesAny: 'either' });
        if (found.length === 0) continue;
        const def = source.func?.def ?? source.func?.decls[0];
        ctx.report({
          file: place.file.path,
          start: source.e.start,
          end: source.e.end,
          message: `'${source.name}' does not fit '${place.via}': ${found.map(differenceText).join(', ')}`,
          ...(def && { related: [{ file: def.file.path, start: def.decl.nameStart, end: def.decl.nameEnd, message: `'${source.name}' is declared here` }] }),
        });
      }
    }
  },
});

/** Type of a place that is the project's own function pointer; role types of the WDK are other rules'. */
function wantedSignature(ctx: RuleContext, place: FilledPlace): Signature | undefined {
  if (!place.type || place.wanted.length > 0) return undefined;
  const file = place.typeFile ?? place.file;
  const type = ctx.project.canonical(place.type, file);
  if (!type.fn || type.ptr > 1 || type.dims) return undefined;
  const wanted = signatureOfFunctionType(type.fn, file);
  return wanted.params.length === 0 && isUnspecified(ctx, place, file.path) ? undefined : wanted;
}

/** `VOID (*)()` in C says nothing about parameters, unlike `(VOID)`. */
function isUnspecified(ctx: RuleContext, place: FilledPlace, path: string): boolean {
  const file = ctx.project.fileOf(path)!;
  if (file.language !== 'c') return false;
  let name = place.type!.base;
  for (let i = 0; i < 8; i++) {
    const placed = ctx.project.typedef(name, file);
    if (!placed) return true;
    if (placed.decl.type.fn) return /\(\s*\)\s*(?:;\s*)?$/.test(ctx.text(placed.file.path).slice(placed.decl.start, placed.decl.end));
    name = placed.decl.type.base;
  }
  return true;
}
