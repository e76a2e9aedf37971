// Pointers to member functions in initialisers of global or static constants: the table is built at run time, in writable pages.

import { bodies, defineRule, walkExpr, type Expr, type FileFacts, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'static-initializer',
    title: 'Pointer to member function in a static initialiser',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['C28651', 'cpp/drivers/static-initializer'],
    models: ['kernel', 'user'],
    help: 'Store a pointer to a static member function or a free function that calls the member.',
  },
  file(ctx, file) {
    if (file.language !== 'cpp') return;
    for (const v of file.variables) if (v.init) search(ctx, file, v.init, v.name);
  },
  func(ctx, fn) {
    const { file } = fn.def!;
    if (file.language !== 'cpp') return;
    for (const v of ctx.analysis(bodies).of(fn).locals) if (v.isStatic && v.init && (v.type.cv ?? 0) & 1) search(ctx, file, v.init, v.name);
  },
});

function search(ctx: RuleContext, file: FileFacts, init: Expr, variable: string): void {
  walkExpr(init, {
    expr: (e) => {
      if (e.k !== 'unary' || e.op !== '&' || e.e.k !== 'name' || !e.e.name.includes('::')) return e.k !== 'lambda';
      const fn = ctx.project.resolve(e.e.name, file);
      if (!fn || !fn.decls.some((d) => d.decl.isMember) || fn.decls.some((d) => d.decl.isStatic)) return true;
      ctx.report({
        file: file.path, start: e.start, end: e.end,
        message: `'${variable}' is initialised with a pointer to the member function '${fn.qualified}': the initialiser runs as code and its page is copied when it is written`,
      });
      return true;
    },
  });
}
