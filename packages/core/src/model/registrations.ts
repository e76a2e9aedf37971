// Which functions are registered as callbacks, where and for which role: the places of places.ts with the functions their values may
// stand for. A parameter that a project function hands on to a registering place makes that function a registering one itself.

import { role as roleRow } from '@drvlint/wdk';
import type { Body, FileFacts } from './facts.js';
import { FunctionValues, type FunctionValue } from './function-values.js';
import type { Relinked } from './link.js';
import { isFunctionPointer } from './place-shapes.js';
import { PlaceFinder, type Given, type Place, type Wanted } from './places.js';
import type { Func, Project, Registration } from './project.js';
import { lap } from '../source/laps.js';

/** A place together with the functions its value may stand for: what the signature rules look at. */
export interface FilledPlace extends Place { values: FunctionValue[] }

export interface Callbacks {
  registrations: Registration[];
  /** Every place whose value is a function, a lambda or a function pointer, typed ones without a role included. */
  places: FilledPlace[];
}

interface Forwarded { wanted: Wanted; via: string; slot?: string }

/** A place with its values, and how it ranks in source order. */
interface Ranked { filled: FilledPlace; rank: number }

/** An argument of a project function, and the place it is where it is of interest by itself. */
interface Argument { given: Given; rank: number; filled: FilledPlace | undefined }

/** The places of a function body, or of the variables of a file, as it alone shows them. */
interface Found {
  places: Ranked[];
  /** Arguments of project functions by callee: callbacks may get somewhere through it. Most are never asked for. */
  arguments: Map<Func, Argument[]>;
  count: number;
  /** Some of it was copied out of macros, and does not move with the body. */
  copied?: true;
}

/** A piece of a file that can be looked at by itself: its body, or the list of its variables. */
type Piece = Body | FileFacts['variables'];

const known = new WeakMap<Project, { search: Search; callbacks: Callbacks }>();
/** For projects made by an edit: what was found before. */
const before = new WeakMap<Project, Search>();

/** All registrations and function-taking places of a project; computed once. */
export function callbacksOf(project: Project): Callbacks {
  let found = known.get(project);
  if (!found) {
    found = lap('callbacks', () => {
      const search = new Search(project, before.get(project));
      return { search, callbacks: search.run() };
    });
    before.delete(project);
    known.set(project, found);
  }
  return found.callbacks;
}

/** Lets the places of unchanged bodies hold for the project after an edit. */
export function keepCallbacks(from: Project, { project, moved }: Relinked): void {
  const search = known.get(from)?.search ?? before.get(from);
  search?.leave(moved.keys());
  if (search) before.set(project, search);
}

/**
 * The same where one function was read again whose body has no place for a callback and had none: then all callbacks are those from
 * before, and true is returned.
 */
export function callbacksAfter(from: Project, { project, alone, moved }: Relinked): boolean {
  const found = known.get(from);
  if (!found || !alone || found.callbacks.places.some((p) => p.copied && moved.has(p.file)) || !found.search.isUntouched(project, alone)) return false;
  found.search.leave(moved.keys());
  for (const r of found.callbacks.registrations) if (moved.has(r.file)) Object.assign(r, { start: r.expr.start, end: r.expr.end });
  known.set(project, found);
  return true;
}

/** The registrations of a project if they are known. */
export function knownRegistrations(project: Project): readonly Registration[] | undefined {
  return known.get(project)?.callbacks.registrations;
}

export function findRegistrations(project: Project): Registration[] {
  return callbacksOf(project).registrations;
}

class Search {
  private values: FunctionValues;
  private readonly found = new Map<Piece, Found>();
  private readonly places: { filled: FilledPlace; piece: number; rank: number }[] = [];
  /** Arguments that were asked for. */
  private readonly asked = new Map<Argument, FilledPlace | undefined>();
  /** What parameter `i` of a function is handed on to. */
  private readonly forwarded = new Map<Func, Map<number, Forwarded[]>>();

  constructor(private project: Project, private before?: Search) {
    this.values = new FunctionValues(project);
  }

  /** Looks at the new body of a function of `project`; whether neither that nor the one before has to do with callbacks. */
  isUntouched(project: Project, { fn, was }: { fn: Func; was?: Body }): boolean {
    const { file, decl } = fn.def!;
    const now: Found = { places: [], arguments: new Map(), count: 0 };
    this.project = project;
    this.values = new FunctionValues(project);
    if (decl.body) this.finder(project, () => now).inBody(decl.body, decl, file);
    const hasToDo = ({ places, arguments: given }: Found): boolean => places.length > 0 || [...given.keys()].some((callee) => this.forwarded.has(callee));
    const old = was && this.found.get(was);
    if (hasToDo(now) || (was && (!old || hasToDo(old)))) return false;
    if (was) this.found.delete(was);
    if (decl.body) this.found.set(decl.body, now);
    return true;
  }

  /** Forgets what was copied out of macros in files whose offsets moved. */
  leave(files: Iterable<FileFacts>): void {
    for (const file of files) for (const { body } of file.functions) if (body && this.found.get(body)?.copied) this.found.delete(body);
  }

  run(): Callbacks {
    let found: Found;
    const finder = this.finder(this.project, () => found);
    const look = (piece: Piece, into: () => void): void => {
      found = this.before?.found.get(piece) ?? { places: [], arguments: new Map(), count: -1 };
      if (found.count < 0) {
        found.count = 0;
        into();
      }
      for (const { filled, rank } of found.places) this.places.push({ filled, piece: this.found.size, rank });
      this.found.set(piece, found);
    };
    for (const file of this.project.files) {
      look(file.variables, () => { finder.inVariables(file); });
      for (const decl of file.functions) {
        const { body } = decl;
        if (body) look(body, () => { finder.inBody(body, decl, file); });
      }
    }
    this.before = undefined;
    this.propagate(finder);
    const places = this.places.sort((a, b) => a.piece - b.piece || a.rank - b.rank).map((p) => p.filled);
    return { registrations: unique(places.flatMap((p) => this.registrationsAt(p))), places };
  }

  private finder(project: Project, found: () => Found): PlaceFinder {
    return new PlaceFinder(project, (place) => { this.find(place, found()); }, (callee, given) => { note(found(), callee, given, undefined); });
  }

  private find(place: Place, found: Found): void {
    const filled = this.filled(place);
    if (!filled) return;
    const { value, file, inside, callee, argument, copied } = place;
    if (copied) found.copied = true;
    found.places.push({ filled, rank: found.count });
    if (callee && argument !== undefined) note(found, callee, { value, file, inside, argument, copied }, filled);
    else found.count++;
  }

  /** An argument that may hold a callback after all. */
  private fill(argument: Argument, callee: Func, finder: PlaceFinder, piece: number): FilledPlace | undefined {
    if (argument.filled || this.asked.has(argument)) return argument.filled ?? this.asked.get(argument);
    const filled = this.filled(finder.placeOf(callee, argument.given));
    this.asked.set(argument, filled);
    if (filled) this.places.push({ filled, piece, rank: argument.rank });
    return filled;
  }

  /** The place with what its value may be; one that holds no function is none. */
  private filled(place: Place): FilledPlace | undefined {
    const scope = { file: place.file, ...(place.inside && { inside: place.inside }) };
    const values = this.values.of(place.value, scope, place.wanted.length > 0 ? { role: place.wanted[0].role } : {});
    return values.length === 0 && !(place.type && place.value.k === 'name') ? undefined : { ...place, values };
  }

  /** Follows parameters from registering places up through the callers of the functions they belong to. */
  private propagate(finder: PlaceFinder): void {
    const work: FilledPlace[] = this.places.flatMap(({ filled }) => filled.wanted.length > 0 ? [filled] : []);
    const found = [...this.found.values()];
    for (let place = work.pop(); place; place = work.pop()) {
      for (const value of place.values) {
        if (value.param === undefined || !place.inside) continue;
        if (!this.forward(place.inside, value.param, place)) continue;
        const { inside } = place;
        found.forEach((of, n) => {
          for (const argument of of.arguments.get(inside) ?? []) {
            const filled = argument.given.argument === value.param ? this.fill(argument, inside, finder, n) : undefined;
            if (filled) work.push(filled);
          }
        });
      }
    }
  }

  private forward(fn: Func, param: number, place: FilledPlace): boolean {
    const perParam = this.forwarded.get(fn) ?? new Map<number, Forwarded[]>();
    this.forwarded.set(fn, perParam);
    const list = perParam.get(param) ?? [];
    perParam.set(param, list);
    const targets: Forwarded[] = place.wanted.map((wanted) => ({ wanted, via: place.via, ...(place.slot !== undefined && { slot: place.slot }) }));
    if (place.callee && place.argument !== undefined) targets.push(...(this.forwarded.get(place.callee)?.get(place.argument) ?? []));
    const fresh = targets.filter((t) => !list.some((o) => o.wanted.role === t.wanted.role));
    list.push(...fresh);
    return fresh.length > 0;
  }

  private registrationsAt(place: FilledPlace): Registration[] {
    const direct: Forwarded[] = place.wanted.map((wanted) => ({ wanted, via: place.via, ...(place.slot !== undefined && { slot: place.slot }) }));
    const inherited = place.callee && place.argument !== undefined ? this.forwarded.get(place.callee)?.get(place.argument) ?? [] : [];
    const wants = direct.length > 0 ? direct : inherited.map((f) => ({ ...f, via: `${place.via} (${f.via})` }));
    return place.values.flatMap((value) => {
      if (!value.func) return [];
      const func = value.func;
      if (wants.length === 0) return place.type && this.isFunctionPointer(place) ? [this.registration(place, value, func, { wanted: { role: '', conf: 'high' }, via: place.via })] : [];
      return wants.map((w) => this.registration(place, value, func, w));
    });
  }

  private isFunctionPointer(place: Place): boolean {
    return place.type !== undefined && isFunctionPointer(this.project, place.type, place.typeFile ?? place.file);
  }

  private registration(place: FilledPlace, value: FunctionValue, func: Func, to: Forwarded): Registration {
    const entry = to.wanted.entry ?? (to.slot === undefined ? undefined : roleRow(to.wanted.role)?.entry?.byIndex?.[to.slot]);
    return {
      func, role: to.wanted.role, conf: to.wanted.conf, file: place.file, expr: place.value, start: place.value.start, end: place.value.end, via: to.via,
      ...(to.slot !== undefined && { slot: to.slot }), ...(place.inside && { inside: place.inside }), ...(value.cast && { cast: value.cast }),
      ...(entry && { entry: { min: entry.min, max: entry.max } }),
    };
  }
}

function note(found: Found, callee: Func, given: Given, filled: FilledPlace | undefined): void {
  if (given.copied) found.copied = true;
  const argument: Argument = { given, rank: found.count++, filled };
  const list = found.arguments.get(callee);
  if (list) list.push(argument);
  else found.arguments.set(callee, [argument]);
}

function unique(list: Registration[]): Registration[] {
  const seen = new Set<string>();
  return list.filter((r) => {
    const key = `${r.func.id}:${r.role}:${r.file.path}:${r.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
