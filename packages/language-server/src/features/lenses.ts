// Code lenses above functions: their roles with the places they come from, and the levels of their callers. The second is worked out
// only for lenses the editor shows.

import type { CodeLens } from 'vscode-languageserver';
import { levelAt, type Func, type Project } from '@drvlint/core';
import type { FileView } from '@drvlint/project';
import { rangeAt } from '../positions.js';
import type { Settings } from '../settings.js';
import { rolesOf } from './function-text.js';
import { engineOf } from './lookup.js';
import { shortMask } from './wdk.js';

/** What resolving a lens needs. */
export interface LensData { uri: string; name: number; kind: 'roles' | 'callers' }

export function lensesOf(view: FileView, uri: string, settings: Settings['lenses']): CodeLens[] {
  const lenses: CodeLens[] = [];
  const called = settings.callers ? calledIn(view.project) : new Map<Func, CallSite[]>();
  for (const decl of view.facts.functions) {
    const fn = decl.isDefinition ? view.project.funcOf(decl) : undefined;
    if (!fn || fn.def?.decl !== decl) continue;
    const range = rangeAt(view.facts.lineStarts, decl.nameStart, decl.nameEnd);
    const data = (kind: LensData['kind']): LensData => ({ uri, name: decl.nameStart, kind });
    if (settings.roles && rolesOf(view.project, fn).length > 0) lenses.push({ range, data: data('roles') });
    if (called.has(fn)) lenses.push({ range, data: data('callers') });
  }
  return lenses;
}

export interface LensTarget { title: string; places: { file: string; start: number; end: number }[] }

/** Title of a lens and where it leads. */
export function lensTarget(view: FileView, { name, kind }: LensData): LensTarget | undefined {
  const decl = view.facts.functions.find((f) => f.isDefinition && f.nameStart === name);
  const fn = decl && view.project.funcOf(decl);
  if (!fn) return undefined;
  return kind === 'roles' ? rolesTarget(view.project, fn) : callersTarget(view.project, fn);
}

function rolesTarget(project: Project, fn: Func): LensTarget {
  const roles = rolesOf(project, fn);
  const registrations = project.registrationsOf(fn);
  const [first] = registrations;
  const more = registrations.length > 1 ? ` and ${registrations.length - 1} more` : '';
  const places = registrations.length > 0 ? registrations.map((r) => ({ file: r.file.path, start: r.start, end: r.end })) : roles.map((r) => ({ file: r.file.path, start: r.start, end: r.end }));
  return { title: `${roles.map((r) => r.role).join(', ')}${first ? ` · registered in ${first.inside?.name ?? first.file.path}${more}` : ' · declared'}`, places };
}

interface CallSite { caller: Func; file: string; start: number; end: number }

const sites = new WeakMap<Project, Map<Func, CallSite[]>>();

/** Calls by callee, over the whole project. */
function calledIn(project: Project): Map<Func, CallSite[]> {
  let known = sites.get(project);
  if (known) return known;
  known = new Map();
  for (const caller of project.funcs) {
    const { def } = caller;
    for (const call of def?.decl.body?.calls ?? []) {
      const callee = project.calleeOf(call, caller);
      if (!callee?.def || !def) continue;
      const site = { caller, file: def.file.path, start: call.start, end: call.end };
      const list = known.get(callee);
      if (list) list.push(site);
      else known.set(callee, [site]);
    }
  }
  sites.set(project, known);
  return known;
}

/** Callers whose level is looked up; a function called from everywhere is told from these. */
const mostLooked = 25;

function callersTarget(project: Project, fn: Func): LensTarget {
  const calls = calledIn(project).get(fn) ?? [];
  const engine = engineOf(project);
  let mask = 0;
  let unknown = false;
  for (const c of engine ? calls.slice(0, mostLooked) : []) {
    const at = safely(() => levelAt(engine!, c.file, c.start, c.end));
    if (!at || at.short === 'any') unknown = true;
    else mask = (mask | at.mask) >>> 0;
  }
  const from = `called from ${calls.length} place${calls.length === 1 ? '' : 's'}`;
  const levels = mask !== 0 && engine ? ` at ${shortMask(mask, engine.scale)}${unknown ? ' or unknown' : ''}` : '';
  return { title: `${from}${levels}`, places: calls };
}

function safely<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
