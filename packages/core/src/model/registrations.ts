// Which functions are registered as callbacks, where and for which role: the places of places.ts with the functions their values may
// stand for. A parameter that a project function hands on to a registering place makes that function a registering one itself.

import { role as roleRow } from '@drvlint/wdk';
import { FunctionValues, type FunctionValue } from './function-values.js';
import { PlaceFinder, type Place, type Wanted } from './places.js';
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
/** A place with its rank in source order. */
interface Ranked { place: Place; rank: number; filled?: FilledPlace }

const known = new WeakMap<Project, Callbacks>();

/** All registrations and function-taking places of a project; computed once. */
export function callbacksOf(project: Project): Callbacks {
  let found = known.get(project);
  if (!found) {
    found = lap('callbacks', () => new Search(project).run());
    known.set(project, found);
  }
  return found;
}

export function findRegistrations(project: Project): Registration[] {
  return callbacksOf(project).registrations;
}

class Search {
  private readonly values: FunctionValues;
  private readonly places: Ranked[] = [];
  /** Arguments of project functions by callee, most of which are never asked for. */
  private readonly arguments = new Map<Func, Ranked[]>();
  private rank = 0;
  /** What parameter `i` of a function is handed on to. */
  private readonly forwarded = new Map<Func, Map<number, Forwarded[]>>();

  constructor(private readonly project: Project) {
    this.values = new FunctionValues(project);
  }

  run(): Callbacks {
    new PlaceFinder(this.project, (place) => this.take(place)).run();
    this.propagate();
    const places = this.places.filter((p) => p.filled).sort((a, b) => a.rank - b.rank).map((p) => p.filled!);
    return { registrations: unique(places.flatMap((p) => this.registrationsAt(p))), places };
  }

  private take(place: Place): void {
    const ranked: Ranked = { place, rank: this.rank++ };
    const counts = place.wanted.length > 0 || this.isFunctionPointer(place);
    if (counts) this.fill(ranked);
    if (!place.callee || (counts && !ranked.filled)) return;
    const list = this.arguments.get(place.callee);
    if (list) list.push(ranked);
    else this.arguments.set(place.callee, [ranked]);
  }

  /** Finds what the place's value may be; a place that holds no function is none. */
  private fill(ranked: Ranked): FilledPlace | undefined {
    if (ranked.filled) return ranked.filled;
    const { place } = ranked;
    const scope = { file: place.file, ...(place.inside && { inside: place.inside }) };
    const values = this.values.of(place.value, scope, place.wanted.length > 0 ? { role: place.wanted[0].role } : {});
    if (values.length === 0 && !(place.type && place.value.k === 'name')) return undefined;
    this.places.push(ranked);
    return ranked.filled = { ...place, values };
  }

  /** Follows parameters from registering places up through the callers of the functions they belong to. */
  private propagate(): void {
    const work: FilledPlace[] = this.places.flatMap((p) => p.filled && p.place.wanted.length > 0 ? [p.filled] : []);
    for (let place = work.pop(); place; place = work.pop()) {
      for (const value of place.values) {
        if (value.param === undefined || !place.inside) continue;
        if (!this.forward(place.inside, value.param, place)) continue;
        for (const given of this.arguments.get(place.inside) ?? []) {
          const filled = given.place.argument === value.param ? this.fill(given) : undefined;
          if (filled) work.push(filled);
        }
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
    if (!place.type) return false;
    const type = this.project.canonical(place.type, place.typeFile ?? place.file);
    return type.fn !== undefined && type.ptr <= 1;
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

function unique(list: Registration[]): Registration[] {
  const seen = new Set<string>();
  return list.filter((r) => {
    const key = `${r.func.id}:${r.role}:${r.file.path}:${r.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
