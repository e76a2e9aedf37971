// The text a string argument has at a call, as far as constants tell: literals, UNICODE_STRING variables set by the initialising functions,
// ANSI buffers filled by a format. Of a format only the part before its first % is known, which is enough for the root of a path.

import { stringSetter } from '@drvlint/wdk';
import type { Cfg } from '../../flow/cfg.js';
import { uncast } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import type { Bodies } from '../bodies/body-index.js';
import { usesOfLocal } from '../bodies/uses.js';
import { pointsOfCall, type Graphs, type Point } from '../values/graphs.js';
import { reachingDefinitions, type Definition } from '../values/reaching.js';

export interface Text {
  /** Known beginning, or all of it. */
  text: string;
  complete: boolean;
}

const MAX_DEPTH = 8;

export class Strings {
  constructor(private readonly project: Project, private readonly graphs: Graphs, private readonly bodies: Bodies) {}

  /** Text an expression stands for at a call of `fn`; a parameter's text is left to the caller of this. */
  at(e: Expr, call: CallExpr, fn: Func): Text | 'parameter' | undefined {
    const cfg = this.graphs.of(fn);
    const points = cfg ? pointsOfCall(cfg, call) : [];
    return cfg && points.length > 0 ? this.read(e, cfg, points, fn, 0) : this.literal(uncast(e));
  }

  private read(e: Expr, cfg: Cfg, points: readonly Point[], fn: Func, depth: number): Text | 'parameter' | undefined {
    const x = uncast(e);
    const literal = this.literal(x);
    if (literal || depth > MAX_DEPTH) return literal;
    const variable = x.k === 'unary' && x.op === '&' ? uncast(x.e) : x;
    if (variable.k !== 'name') return undefined;
    const local = this.project.localOf(variable.name, variable.start, fn);
    if (local?.v?.init && (this.isConstant(fn, variable.name) || local.v.isStatic)) return this.initial(local.v.init, cfg, points, fn, depth);
    if (!local) return this.global(variable.name, fn);
    if (this.bodies.of(fn).isShadowed(variable.name)) return undefined;
    const definitions = reachingDefinitions(cfg, { name: variable.name, byCall: (c) => this.setBy(c, variable.name, fn) }, points);
    if (definitions?.length !== 1) return undefined;
    const [d] = definitions;
    if (d.kind === 'entry') return local.param ? 'parameter' : undefined;
    if (d.kind !== 'value' || !d.e) return undefined;
    const setter = uncast(d.e);
    const place = setter.k === 'call' ? pointsOfCall(cfg, setter) : points;
    if (setter.k !== 'call') return this.initial(d.e, cfg, points, fn, depth);
    const from = stringSetter(this.nameOf(setter, fn))?.from;
    return from === undefined || !setter.args[from] || place.length === 0 ? undefined : this.read(setter.args[from], cfg, place, fn, depth + 1);
  }

  /** `"..."`, also through an object-like macro. */
  private literal(x: Expr): Text | undefined {
    if (x.k !== 'str') return undefined;
    const parts = [...x.text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((m) => m[1].replace(/\\(.)/g, (_, c: string) => (c === '\\' || c === '"' ? c : ' '))).join('');
    const percent = parts.indexOf('%');
    return { text: percent < 0 ? parts : parts.slice(0, percent), complete: percent < 0 };
  }

  /** Initialiser of a constant: a literal, `RTL_CONSTANT_STRING(L"..")`, another variable. */
  private initial(init: Expr, cfg: Cfg, points: readonly Point[], fn: Func, depth: number): Text | 'parameter' | undefined {
    const x = uncast(init);
    if (x.k === 'call' && this.nameOf(x, fn) === 'RTL_CONSTANT_STRING') return x.args[0] && this.literal(uncast(x.args[0]));
    return x.k === 'str' || x.k === 'name' || x.k === 'unary' ? this.read(x, cfg, points, fn, depth + 1) : undefined;
  }

  private global(name: string, fn: Func): Text | undefined {
    const { file } = fn.def!;
    const macro = this.project.macro(name, file)?.decl;
    if (macro && !macro.params) return this.literal(macro.expr ?? { k: 'str', text: macro.body, start: 0, end: 0 });
    const variable = this.project.variable(name, file)?.decl;
    if (!variable?.init || !(variable.isConst || variable.type.dims)) return undefined;
    const x = uncast(variable.init);
    return x.k === 'call' && x.args[0] ? this.literal(uncast(x.args[0])) : this.literal(x);
  }

  /** A local with an initialiser that nothing writes. */
  private isConstant(fn: Func, name: string): boolean {
    return usesOfLocal(this.project, fn, name).every((u) => u.kind !== 'written' && !(u.kind === 'argument' && u.address && stringSetter(this.nameOf(u.call!, fn))?.to === u.index));
  }

  private setBy(call: CallExpr, name: string, fn: Func): Definition | 'nothing' | undefined {
    const to = stringSetter(this.nameOf(call, fn))?.to;
    const target = to === undefined || !call.args[to] ? undefined : uncast(call.args[to]);
    const variable = target?.k === 'unary' && target.op === '&' ? uncast(target.e) : target;
    if (variable?.k === 'name' && variable.name === name) return { kind: 'value', e: call, start: call.start };
    return this.project.calleeOf(call, fn)?.def ? undefined : 'nothing';
  }

  private nameOf(call: CallExpr, fn: Func): string {
    return this.project.calleeName(call, fn.def!.file) ?? '';
  }
}
