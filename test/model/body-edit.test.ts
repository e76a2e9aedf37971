// A function that alone was read again after an edit in its body leaves the facts and registrations that reading the whole file gives: for every source of
// the fixtures under random edits, most of them inside of bodies.

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  configuration, keepAnalyses, linkProject, LiveReader, ProjectReader, relinkBody, relinkProject, sourceFromString, textChange, type Language, type Project, type ReaderHost,
} from '@drvlint/core';
import { sourceKind } from '@drvlint/project';
import { applyEdit, Random, randomEdit, type TextEdit } from '../harness/random-edits.js';
import { sharedParser } from '../harness/run-fixture.js';

const parser = await sharedParser();
const fixtures = path.resolve(import.meta.dirname, '../../fixtures');

function sources(at: string): string[] {
  return fs.readdirSync(at, { withFileTypes: true }).flatMap((e) => {
    const full = path.join(at, e.name);
    return e.isDirectory() ? sources(full) : /\.(?:c|cpp)$/.test(e.name) && sourceKind(e.name) ? [full] : [];
  });
}

class Editing {
  readonly language: Language;
  readonly reader: LiveReader;
  project: Project;
  /** Edits for which one function was read. */
  alone = 0;

  constructor(readonly file: string, public text: string) {
    this.language = file.endsWith('.c') ? 'c' : 'cpp';
    this.reader = new LiveReader(this.host(), parser, configuration());
    this.reader.keepTree(file, true);
    this.reader.readUnit(file, this.language);
    this.project = this.link();
    linked(this.project);
  }

  host(): ReaderHost {
    const beside = (p: string): string | undefined => (p === this.file ? this.text : fs.existsSync(p) ? fs.readFileSync(p, 'utf8') : undefined);
    return {
      source: (p) => { const text = beside(p); return text === undefined ? undefined : sourceFromString(text, p); },
      resolveInclude: (include, from) => { const p = path.join(path.dirname(from), include.target); return fs.existsSync(p) ? p : undefined; },
    };
  }

  link(): Project {
    return linkProject(this.reader.files, this.linking);
  }

  get linking() {
    return { name: 'test', textOf: (p: string) => this.reader.textOf(p)?.text ?? '' };
  }

  change(text: string): void {
    const before = this.text;
    this.text = text;
    const edit = this.reader.bodyEdit(this.file);
    const relinked = edit && relinkBody(this.project, edit, this.linking);
    if (relinked) {
      this.alone++;
      keepAnalyses(this.project, relinked);
      this.project = relinked.project;
    } else this.whole(before);
  }

  whole(before: string): void {
    const steps = this.reader.refresh([this.file]);
    let step = steps.next();
    while (!step.done) step = steps.next();
    const now = this.reader.factsOf(this.file)!;
    const relinked = step.value && relinkProject(this.project, [{ now, change: textChange(before, this.text) }], this.linking);
    if (relinked) {
      this.reader.adopt(relinked.project.fileOf(this.file)!);
      keepAnalyses(this.project, relinked);
    }
    this.project = relinked?.project ?? this.link();
  }

  fresh(): Project {
    const reader = new ProjectReader(this.host(), parser, configuration());
    reader.readUnit(this.file, this.language);
    return linkProject(reader.files, { name: 'test', textOf: (p) => (p === this.file ? this.text : fs.readFileSync(p, 'utf8')) });
  }
}

/** Who is registered where, and what is said of functions where. */
function linked(project: Project): unknown {
  const said = (list: readonly { name: string; start: number; end: number; argStarts?: number[] }[]): unknown => list.map((a) => [a.name, a.start, a.end, a.argStarts]);
  return [
    project.registrations.map((r) => [r.func.qualified, r.role, r.file.path, r.start, r.end, r.via]),
    project.funcs.map((f) => [f.qualified, said(project.annotationsOf(f)), f.params.map((p, i) => [p, said(project.paramAnnotationsOf(f, i))]), f.ret, project.sectionOf(f), project.rolesOf(f).map((r) => [r.role, r.start])]),
  ];
}

/** Most edits are made inside of a function. */
function edit(random: Random, editing: Editing): TextEdit {
  const bodies = editing.project.fileOf(editing.file)!.functions.filter((f) => f.isDefinition);
  if (bodies.length === 0 || random.below(6) === 0) return randomEdit(random, editing.text);
  const { nameEnd, end } = random.pick(bodies);
  const { start, end: to, text } = randomEdit(random, editing.text.slice(nameEnd, end));
  return { start: start + nameEnd, end: to + nameEnd, text };
}

let alone = 0;
const scale = Number(process.env['DRVLINT_EDIT_ROUNDS'] ?? 6);

describe.each(fs.readdirSync(fixtures).map((name) => [name]))('%s', (name) => {
  it('has the facts and registrations of a fresh reading', () => {
    for (const file of sources(path.join(fixtures, name))) {
      const random = new Random(file.slice(fixtures.length).length * 6007);
      const original = fs.readFileSync(file, 'utf8').replace(/^\ufeff/, '');
      const editing = new Editing(file, original);
      for (let round = 0; round < scale; round++) {
        const text = random.below(5) === 0 ? original : applyEdit(editing.text, edit(random, editing));
        const before = editing.alone;
        editing.change(text);
        const fresh = editing.fresh();
        if (editing.alone > before) expect(editing.project.fileOf(file), `${file} in round ${round}\n${text}`).toEqual(fresh.fileOf(file));
        expect(linked(editing.project), `${file} in round ${round}\n${text}`).toEqual(linked(fresh));
      }
      alone += editing.alone;
    }
  }, 120_000);
});

it('moves what is declared through a function type of the file', () => {
  const before = 'int first(void) { return 1; }\ntypedef int WORK(_In_ void *Context, int Count);\nWORK Later;\nint last(void) { WORK Inner; return Later(0, first()); }\n';
  const editing = new Editing(path.join(fixtures, 'made-up.c'), before);
  for (const text of [before.replace('return 1', 'return 1 + 1'), before.replace('return Later(0, first())', 'return Later(0, 1)'), before]) {
    linked(editing.project);
    editing.change(text);
    expect(linked(editing.project)).toEqual(linked(editing.fresh()));
  }
  expect(editing.alone).toBe(2);
});

it('reads most edited functions alone', () => {
  expect(alone).toBeGreaterThan(500);
});
