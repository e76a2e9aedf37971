// Name tables over the files of a project, and which file sees which: the include closure.

import type { EnumDecl, FileFacts, MacroDef, RecordDecl, Typedef, Variable } from './facts.js';
import type { Placed } from './project.js';

type Table<T> = Map<string, Placed<T>[]>;

function add<T>(table: Table<T>, name: string, file: FileFacts, decl: T): void {
  const list = table.get(name);
  if (list) list.push({ file, decl });
  else table.set(name, [{ file, decl }]);
}

/** `A::B::c` -> `c`. */
export function lastName(name: string): string {
  const at = name.lastIndexOf('::');
  return at < 0 ? name : name.slice(at + 2);
}

export class Symbols {
  readonly macros: Table<MacroDef> = new Map();
  readonly typedefs: Table<Typedef> = new Map();
  readonly records: Table<RecordDecl> = new Map();
  readonly variables: Table<Variable> = new Map();
  readonly enumerators = new Map<string, Placed<EnumDecl>[]>();
  readonly byPath = new Map<string, FileFacts>();
  private readonly includers = new Map<FileFacts, FileFacts[]>();
  /** What `visible` found, by candidate list and asking file. */
  private readonly memo = new Map<unknown, Map<FileFacts, unknown>>();
  private readonly closures = new Map<FileFacts, { list: FileFacts[]; set: Set<FileFacts> }>();

  constructor(readonly files: readonly FileFacts[]) {
    for (const file of files) this.byPath.set(file.path, file);
    for (const file of files) this.index(file);
  }

  private index(file: FileFacts): void {
    for (const m of file.macros) add(this.macros, m.name, file, m);
    for (const t of file.typedefs) add(this.typedefs, t.name, file, t);
    for (const r of file.records) {
      if (r.name) add(this.records, r.name, file, r);
      if (r.typedefName && r.typedefName !== r.name) add(this.records, r.typedefName, file, r);
      if (!r.name) add(this.records, `@${r.start}`, file, r);
    }
    for (const v of file.variables) add(this.variables, v.name, file, v);
    for (const e of file.enums) for (const item of e.items) add(this.enumerators, item.name, file, e);
    for (const include of file.includes) {
      const target = include.resolved === undefined ? undefined : this.byPath.get(include.resolved);
      if (!target || target === file) continue;
      const list = this.includers.get(target);
      if (!list) this.includers.set(target, [file]);
      else if (!list.includes(file)) list.push(file);
    }
  }

  /** Files whose text `file` sees, itself first. */
  closure(file: FileFacts): readonly FileFacts[] {
    return this.closureOf(file).list;
  }

  sees(file: FileFacts, other: FileFacts): boolean {
    return file === other || this.closureOf(file).set.has(other);
  }

  private closureOf(file: FileFacts): { list: FileFacts[]; set: Set<FileFacts> } {
    let known = this.closures.get(file);
    if (known) return known;
    const set = new Set<FileFacts>([file]);
    for (const f of set) {
      for (const include of f.includes) {
        const target = include.resolved === undefined ? undefined : this.byPath.get(include.resolved);
        if (target) set.add(target);
      }
    }
    known = { list: [...set], set };
    this.closures.set(file, known);
    return known;
  }

  /** Files that include `file` directly. */
  includersOf(file: FileFacts): readonly FileFacts[] {
    return this.includers.get(file) ?? [];
  }

  /**
   * The candidate `from` sees: in its own closure, else in the closure of a file that includes it, else the only one of the
   * project. Among several seen ones the last wins (a redefinition, or the full declaration after a forward one).
   */
  visible<T>(table: Table<T>, name: string, from: FileFacts, uniqueElsewhere = true): Placed<T> | undefined {
    const all = table.get(name);
    if (!all) return undefined;
    if (all.length === 1 && (uniqueElsewhere || all[0].file === from)) return all[0];
    let perFile = this.memo.get(all);
    if (!perFile) this.memo.set(all, (perFile = new Map()));
    if (!perFile.has(from)) perFile.set(from, this.lastSeen(all, from) ?? this.seenByIncluder(all, from));
    return perFile.get(from) as Placed<T> | undefined;
  }

  private lastSeen<T>(all: Placed<T>[], from: FileFacts): Placed<T> | undefined {
    let own: Placed<T> | undefined;
    let seen: Placed<T> | undefined;
    for (const p of all) {
      if (p.file === from) own = p;
      else if (this.sees(from, p.file)) seen = p;
    }
    return own ?? seen;
  }

  private seenByIncluder<T>(all: Placed<T>[], from: FileFacts, depth = 0, done = new Set<FileFacts>()): Placed<T> | undefined {
    if (depth > 8) return undefined;
    for (const user of this.includersOf(from)) {
      if (done.has(user)) continue;
      done.add(user);
      const found = this.lastSeen(all, user) ?? this.seenByIncluder(all, user, depth + 1, done);
      if (found) return found;
    }
    return undefined;
  }
}
