// What the control-flow graph of a function must know of the project: macros that stand for code, calls that do not return, constants.

import { isReserved, fateOf, isPure } from './meaning.js';
import type { CfgHost } from '../../flow/build.js';
import { salOf } from '../../model/annotations-of.js';
import type { FileFacts, MacroDef } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { Survey } from './survey.js';

type Fate = 'stop' | 'raise' | undefined;

export class GraphHosts {
  private readonly hosts = new Map<FileFacts, CfgHost>();
  private readonly fates = new Map<Func, Fate>();

  /** `isIdle`: a call of the function does nothing to levels, locks or control. */
  constructor(private readonly project: Project, private readonly survey: Survey, private readonly isIdle: (fn: Func) => boolean) {}

  of(file: FileFacts): CfgHost {
    let host = this.hosts.get(file);
    if (!host) this.hosts.set(file, (host = this.make(file)));
    return host;
  }

  private make(file: FileFacts): CfgHost {
    const { project } = this;
    const constants = new Map<string, number | undefined>();
    const macros = new Map<string, MacroDef | null>();
    const fates = new Map<string, Fate | null>();
    return {
      macro: (name, at) => {
        let any = macros.get(name);
        if (any === undefined) macros.set(name, (any = this.plainMacro(name, file)));
        if (any === null) return undefined;
        const def = project.macro(name, file, at)?.decl ?? any;
        return def.stmts && !def.expr && this.survey.isIdle(def, file, this.isIdle) ? undefined : def;
      },
      fate: (name) => {
        let fate = fates.get(name);
        if (fate === undefined) fates.set(name, (fate = fateOf(name) ?? this.fateOf(project.resolve(name, file)) ?? null));
        return fate ?? undefined;
      },
      destroys: (v) => file.language === 'cpp' && v.type.ptr === 0 && !v.type.ref && project.record(v.type.base, file) !== undefined && project.destructorOf(v.type, file) !== undefined,
      constant: (e) => {
        if (e.k !== 'name') return project.valueOf(e, file);
        if (!constants.has(e.name)) constants.set(e.name, /^[A-Z_]|^(?:true|false|nullptr)$/.test(e.name) ? project.valueOf(e, file) : undefined);
        return constants.get(e.name);
      },
      nameResults: { pure: isPure },
      abnormal: new Set(['AbnormalTermination', 'abnormal_termination', '_abnormal_termination']),
    };
  }

  private plainMacro(name: string, file: FileFacts): MacroDef | null {
    const def = this.survey.macro(name, file);
    return def && isReserved(name) ? null : def;
  }

  /** What was said of a function, if anyone asked. */
  answered(fn: Func): { fate: Fate } | undefined {
    return this.fates.has(fn) ? { fate: this.fates.get(fn) } : undefined;
  }

  /** A function of the project that never returns: declared so, or its last statement does not. */
  fateOf(fn: Func | undefined): Fate {
    if (!fn) return undefined;
    if (this.fates.has(fn)) return this.fates.get(fn);
    this.fates.set(fn, undefined);
    const fate = this.findFate(fn);
    this.fates.set(fn, fate);
    return fate;
  }

  private findFate(fn: Func): Fate {
    if (salOf(this.project, fn).some((a) => a.kind === 'noreturn')) return 'stop';
    if (fn.decls.some((d) => d.decl.annotations.some((a) => a.name === 'DECLSPEC_NORETURN' || a.name === '_Noreturn' || (a.name === '__declspec' && a.args?.[0]?.trim() === 'noreturn')))) return 'stop';
    const body = fn.def?.decl.body;
    const last = body?.stmts.at(-1);
    if (!body || body.stmts.length > 12 || last?.k !== 'expr' || last.e.k !== 'call' || last.e.callee.k !== 'name') return undefined;
    if (body.stmts.some((s) => s.k !== 'expr' && s.k !== 'decl' && s.k !== 'empty')) return undefined;
    const name = last.e.callee.name;
    return fateOf(name) ?? this.fateOf(this.project.resolve(name, fn.def!.file));
  }
}
