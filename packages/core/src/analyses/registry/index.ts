// Registry accesses of kernel code by name: what a key is opened relative to, where that handle came from, the path, and whether it is
// written. Reads OBJECT_ATTRIBUTES set by InitializeObjectAttributes and follows handles through locals of one function; a path that is
// a parameter is looked up at the callers. What is not known stays unknown.

import { accessWrites, approvedKeySource, keyOpener, registryPathAccess } from '@drvlint/wdk';
import { uncast } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { perProject, type Analysis } from '../analysis.js';
import { bodies, type Bodies, type CallSite } from '../bodies/body-index.js';
import { callGraph, type CallGraph } from '../bodies/callers.js';
import { graphs, pointsOfCall, type Graphs } from '../values/graphs.js';
import { reachingDefinitions, type Definition } from '../values/reaching.js';
import { Strings, type Text } from './strings.js';

/** Where a handle comes from. 'null': it is never opened; 'unapproved': from a function or key that an isolated driver may not use. */
export type HandleSource = { k: 'approved' } | { k: 'null' } | { k: 'unknown' } | { k: 'unapproved'; by: string; call: CallExpr };

export interface KeyOpening {
  site: CallSite;
  /** Handle of ObjectAttributes.RootDirectory; 'none' when it is a constant NULL. */
  root: 'none' | HandleSource | undefined;
  /** Path, and the call that passed it when it came in as a parameter. */
  path?: Text & { from?: { fn: Func; call: CallExpr } };
  /** It asks for access that changes something; undefined when the mask is not known. */
  writes?: boolean;
}

export const registry: Analysis<Registry> = perProject('registry', (project) => new Registry(project));

const MAX_DEPTH = 4;

export class Registry {
  private readonly graphs: Graphs;
  private readonly strings: Strings;
  private readonly bodies: Bodies;
  private readonly calling: CallGraph;
  private readonly known = new Map<Func, readonly KeyOpening[]>();

  constructor(private readonly project: Project) {
    this.graphs = graphs.run(project);
    this.bodies = bodies.run(project);
    this.strings = new Strings(project, this.graphs, this.bodies);
    this.calling = callGraph.run(project);
  }

  /** Keys a function opens or creates by name. */
  openings(fn: Func): readonly KeyOpening[] {
    let found = this.known.get(fn);
    if (!found) {
      const sites = this.bodies.of(fn).callsWhere((name) => keyOpener(name) !== undefined);
      this.known.set(fn, found = sites.filter((s) => this.bodies.isExternal(s, fn)).map((site) => this.opening(site, fn)));
    }
    return found;
  }

  private opening(site: CallSite, fn: Func): KeyOpening {
    const opener = keyOpener(site.name)!;
    const mask = site.call.args[opener.access] && this.project.valueOf(site.call.args[opener.access], fn.def!.file);
    const init = this.attributes(site.call.args[opener.attributes], site.call, fn);
    const path = init?.args[1] && this.path(init.args[1], init, fn);
    return { site, root: init && this.root(init, fn), ...(path && { path }), ...(mask !== undefined && { writes: accessWrites(mask) }) };
  }

  /** The InitializeObjectAttributes that set up what a call is given. */
  private attributes(e: Expr | undefined, call: CallExpr, fn: Func): CallExpr | undefined {
    const x = e && uncast(e);
    const variable = x?.k === 'unary' && x.op === '&' ? uncast(x.e) : undefined;
    const cfg = variable?.k === 'name' ? this.graphs.of(fn) : undefined;
    if (!cfg || variable?.k !== 'name' || this.bodies.of(fn).isShadowed(variable.name)) return undefined;
    const definitions = reachingDefinitions(cfg, { name: variable.name, byCall: (c) => this.initialises(c, variable.name, fn) }, pointsOfCall(cfg, call));
    const [d] = definitions?.length === 1 ? definitions : [];
    return d?.kind === 'value' && d.e?.k === 'call' ? d.e : undefined;
  }

  private initialises(call: CallExpr, name: string, fn: Func): Definition | 'nothing' | undefined {
    const called = this.nameOf(call, fn);
    const target = call.args[0] && uncast(call.args[0]);
    const own = target?.k === 'unary' && target.op === '&' && target.e.k === 'name' && target.e.name === name;
    if (called === 'InitializeObjectAttributes' && own) return { kind: 'value', e: call, start: call.start };
    return this.project.calleeOf(call, fn)?.def ? undefined : 'nothing';
  }

  private root(init: CallExpr, fn: Func): KeyOpening['root'] {
    const e = init.args[3];
    if (!e) return undefined;
    const x = uncast(e);
    const local = x.k === 'name' && this.project.localOf(x.name, x.start, fn);
    if (!local && this.project.valueOf(x, fn.def!.file) === 0) return 'none';
    return this.handleAt(x, init, fn, 0);
  }

  /** Where the handle that an expression names at a call comes from. */
  handleAt(e: Expr, call: CallExpr, fn: Func, depth = 0): HandleSource {
    const x = uncast(e);
    const cfg = x.k === 'name' && depth < MAX_DEPTH ? this.graphs.of(fn) : undefined;
    const local = x.k === 'name' ? this.project.localOf(x.name, x.start, fn) : undefined;
    if (!cfg || x.k !== 'name' || !local?.v || local.v.isStatic || this.bodies.of(fn).isShadowed(x.name)) return { k: 'unknown' };
    const points = pointsOfCall(cfg, call);
    const definitions = points.length > 0 ? reachingDefinitions(cfg, { name: x.name, byCall: (c) => this.opens(c, x.name) }, points) : undefined;
    if (!definitions || definitions.length === 0) return { k: 'unknown' };
    return this.merged(definitions.map((d) => this.source(d, fn, depth)));
  }

  /** `f(&handle)` gives the handle a value. */
  private opens(call: CallExpr, name: string): Definition | undefined {
    const gives = call.args.some((a) => { const x = uncast(a); return x.k === 'unary' && x.op === '&' && x.e.k === 'name' && x.e.name === name; });
    return gives ? { kind: 'value', e: call, start: call.start } : undefined;
  }

  private source(d: Definition, fn: Func, depth: number): HandleSource {
    const e = d.kind === 'value' && d.e ? uncast(d.e) : undefined;
    if (!e) return { k: d.kind === 'none' ? 'null' : 'unknown' };
    if (e.k !== 'call') return { k: this.project.valueOf(e, fn.def!.file) === 0 ? 'null' : 'unknown' };
    const name = this.nameOf(e, fn);
    if (approvedKeySource(name) !== undefined) return { k: 'approved' };
    if (keyOpener(name) === undefined || this.project.calleeOf(e, fn)?.def) return { k: 'unknown' };
    const init = this.attributes(e.args[keyOpener(name)!.attributes], e, fn);
    const root = init && init.args[3] && depth < MAX_DEPTH ? this.rootOfChain(init, fn, depth) : undefined;
    if (root === undefined) return { k: 'unknown' };
    return root === 'approved' ? { k: 'approved' } : { k: 'unapproved', by: name, call: e };
  }

  /** A key opened relative to an approved one is approved; one relative to nothing that was opened is not. */
  private rootOfChain(init: CallExpr, fn: Func, depth: number): 'approved' | 'bad' | undefined {
    const x = uncast(init.args[3]);
    const local = x.k === 'name' && this.project.localOf(x.name, x.start, fn);
    if (!local) return undefined;
    const source = this.handleAt(x, init, fn, depth + 1);
    return source.k === 'approved' ? 'approved' : source.k === 'null' || source.k === 'unapproved' ? 'bad' : undefined;
  }

  private merged(all: readonly HandleSource[]): HandleSource {
    const opened = all.filter((s) => s.k !== 'null');
    if (opened.length === 0) return { k: 'null' };
    const bad = opened.find((s) => s.k === 'unapproved');
    if (bad && opened.every((s) => s.k === 'unapproved')) return bad;
    return opened.every((s) => s.k === 'approved') ? { k: 'approved' } : { k: 'unknown' };
  }

  private path(e: Expr, call: CallExpr, fn: Func): KeyOpening['path'] {
    const text = this.strings.at(e, call, fn);
    if (text !== 'parameter') return text;
    const x = uncast(e);
    const index = x.k === 'name' ? fn.params.findIndex((p) => p.name === x.name) : -1;
    const passed = index < 0 ? [] : this.calling.callersOf(fn).map((caller) => ({ caller, text: caller.call.args[index] && this.strings.at(caller.call.args[index], caller.call, caller.fn) }));
    const bad = passed.find(({ text: t }) => t !== undefined && t !== 'parameter' && registryPathAccess(t.text) === 'none');
    return bad && bad.text !== undefined && bad.text !== 'parameter' ? { ...bad.text, from: { fn: bad.caller.fn, call: bad.caller.call } } : undefined;
  }

  private nameOf(call: CallExpr, fn: Func): string {
    return this.project.calleeName(call, fn.def!.file) ?? '';
  }
}
