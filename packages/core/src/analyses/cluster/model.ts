// The cluster analysis: what every rule about resource DLLs shares. Built once per project; its parts are made when first asked for.

import type { CallExpr, Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { Api, fileOf, uncast } from './api.js';
import { Waits } from './blocking.js';
import { Frees, type FreeSite } from './frees.js';
import { Graphs } from './graphs.js';
import { Reach } from './reach.js';
import { findRoles, type Roles } from './roles.js';
import { Workers } from './workers.js';

/** Headers of Cluster Administrator extension DLLs, which are COM servers and no resource DLLs. Source: cluadmex.h. */
const EXTENSION_HEADERS = new Set(['cluadmex.h', 'cluadmex.idl']);
/** What only a resource DLL writes. */
const RESOURCE_DLL = /\b(?:ClusWorker\w+|P?CLUS_WORKER|CLRES_\w+|PSET_RESOURCE_STATUS_ROUTINE\w*)\b/;

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

export class ClusterModel {
  readonly api: Api;
  readonly graphs: Graphs;
  private rolesMade?: Roles;
  private workersMade?: Workers;
  private reachMade?: Reach;
  private waitsMade?: Waits;
  private freesMade?: Frees;
  private readonly gates = new Map<FileFacts, boolean>();

  constructor(readonly project: Project) {
    this.api = new Api(project);
    this.graphs = new Graphs(project);
  }

  private get frees(): Frees {
    return this.freesMade ??= new Frees(this);
  }

  /** What a function frees, in source order. */
  freesOf(fn: Func): readonly FreeSite[] {
    return this.frees.of(fn);
  }

  /** The pointer an expression frees, if it frees one. */
  freedBy(e: Expr, fn: Func): Expr | undefined {
    return this.frees.freedBy(e, fn, 0);
  }

  recordOf(pointer: Expr, fn: Func): string | undefined {
    return this.frees.recordOf(pointer, fn);
  }

  /** Waits by call and by function. */
  get waits(): Waits {
    return this.waitsMade ??= new Waits(this);
  }

  /** The function a call reaches; a local lambda counts as one. */
  calleeOf(call: CallExpr, inside: Func): Func | undefined {
    return this.project.calleeOf(call, inside) ?? this.localLambda(call, inside);
  }

  private localLambda(call: CallExpr, inside: Func): Func | undefined {
    const callee = uncast(call.callee);
    if (callee.k === 'lambda') return this.graphs.lambda(callee, inside);
    const local = callee.k === 'name' ? this.project.localOf(callee.name, callee.start, inside) : undefined;
    const init = local?.v?.init && uncast(local.v.init);
    return init?.k === 'lambda' ? this.graphs.lambda(init, inside) : undefined;
  }

  get roles(): Roles {
    return this.rolesMade ??= findRoles(this.project);
  }

  get workers(): Workers {
    return this.workersMade ??= new Workers(this.project, this.api, this.graphs);
  }

  get reach(): Reach {
    return this.reachMade ??= new Reach(this.project, this.graphs, this.roles, this.workers);
  }

  /** Functions of the DLL that have a body. */
  get functions(): readonly Func[] {
    return this.project.funcs.filter((f) => f.def?.decl.body && this.covers(f.def.file));
  }

  /** The file belongs to a resource DLL and not to an extension of Cluster Administrator. */
  covers(file: FileFacts): boolean {
    let known = this.gates.get(file);
    if (known === undefined) this.gates.set(file, known = this.project.isResourceDll(file) && !this.isExtension(file));
    return known;
  }

  /** It sees the extension header, or stands beside files that do with no sign of a resource DLL among the others. */
  private isExtension(file: FileFacts): boolean {
    if (this.seesExtensionHeader(file)) return true;
    const folder = this.project.files.filter((f) => folderOf(f.path) === folderOf(file.path));
    if (!folder.some((f) => this.seesExtensionHeader(f))) return false;
    return !folder.some((f) => !this.seesExtensionHeader(f) && RESOURCE_DLL.test(this.project.textOf(f.path)));
  }

  private seesExtensionHeader(file: FileFacts): boolean {
    return this.project.closure(file).some((f) => f.includes.some((i) => EXTENSION_HEADERS.has(i.target.replace(/^.*[/\\]/, '').toLowerCase())));
  }

  /** The project has the shape of a resource DLL: a function table or an exported Startup. */
  get isResourceDll(): boolean {
    return this.roles.tables.length > 0 || this.roles.withRole('Startup', 'StartupEx').length > 0;
  }

  coversFunc(fn: Func): boolean {
    return fn.def !== undefined && this.covers(fileOf(fn));
  }
}

/** The analysis, run at most once per project. */
export const cluster = { name: 'cluster', run: (project: Project): ClusterModel => new ClusterModel(project) };
