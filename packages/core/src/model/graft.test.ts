import { describe, expect, it } from 'vitest';
import { configuration, createParser, keepAnalyses, linkProject, ProjectReader, relinkProject, shifted, sourceFromString, textChange, type FileFacts, type Relinked } from '../index.js';

const parser = await createParser();

function read(text: string): FileFacts {
  const reader = new ProjectReader({ source: (path) => sourceFromString(text, path), resolveInclude: () => undefined }, parser, configuration());
  reader.readUnit('a.c', 'c');
  return reader.files[0]!;
}

const text = `#include <ntddk.h>
#define LIMIT 4
KSTART_ROUTINE Worker;
static int first(int a)
{
    return a + LIMIT;
}

// between
_Use_decl_annotations_
VOID Worker(PVOID Context)
{
    int n = first(1);
    first(n);
}

static KSPIN_LOCK lock = { 0 };
int last(int *p, int size)
{
    char buffer[16];
    buffer[0] = (char)*p;
    return first(p[size - 1]);
}
`;

/** The project of `before` with its text edited to `after`. */
function edited(before: string, after: string): { relinked: Relinked | undefined; facts: FileFacts } {
  const facts = read(before);
  const project = linkProject([facts], { name: 'test', textOf: () => before });
  // So that something is known that has to be kept.
  for (const fn of project.funcs) project.rolesOf(fn);
  const relinked = relinkProject(project, [{ now: read(after), change: textChange(before, after) }], { name: 'test', textOf: () => after });
  if (relinked) keepAnalyses(project, relinked);
  return { relinked, facts };
}

const replaced = (from: string, to: string): string => text.replace(from, () => to);

describe('text changes', () => {
  it('are the smallest replacement', () => {
    expect(textChange('abcd', 'abxcd')).toEqual({ from: 2, oldTo: 2, newTo: 3 });
    expect(textChange('aaa', 'aa')).toEqual({ from: 2, oldTo: 3, newTo: 2 });
    expect(textChange('same', 'same')).toEqual({ from: 4, oldTo: 4, newTo: 4 });
    expect(textChange('', 'new')).toEqual({ from: 0, oldTo: 0, newTo: 3 });
  });

  it('move what stands behind them and nothing before', () => {
    const change = { from: 10, oldTo: 14, newTo: 11 };
    expect([0, 10, 12, 14, 20].map((at) => shifted(at, change))).toEqual([0, 10, undefined, 11, 17]);
  });
});

describe('an edit that leaves declarations as they are', () => {
  it.each([
    ['a statement more', replaced('first(n);', 'first(n); first(2);'), ['Worker']],
    ['half a word', replaced('return a + LIMIT;', 'return a + LIM;'), ['first']],
    ['a body that is no code', replaced('first(n);', 'first(n->);'), ['Worker']],
    ['a comment between functions', replaced('// between', '// now between'), []],
    ['a line in a comment in a body', replaced('char buffer[16];', '/* sixteen\n */ char buffer[16];'), ['last']],
    ['a body emptied', replaced('int n = first(1);\n    first(n);\n', ''), ['Worker']],
  ])('%s: the facts are those of a fresh reading, in the same objects', (_, after, names) => {
    const { relinked, facts } = edited(text, after);
    expect([...relinked!.edited].map((fn) => fn.name)).toEqual(names);
    expect(relinked!.project.files).toEqual([read(after)]);
    expect(relinked!.project.files[0]).toBe(facts);
    const fresh = linkProject([read(after)], { name: 'test', textOf: () => after });
    const seen = (project: typeof fresh): unknown => project.funcs.map((fn) => [fn.qualified, fn.decls, fn.params, project.rolesOf(fn).map((r) => [r.role, r.reason, r.start]), project.annotationsOf(fn)]);
    expect(seen(relinked!.project)).toEqual(seen(fresh));
  });

  it('keeps the nodes of the other bodies', () => {
    const facts = read(text);
    const [first, worker, last] = facts.functions.map((f) => f.body);
    const project = linkProject([facts], { name: 'test', textOf: () => text });
    const after = replaced('first(n);', '');
    relinkProject(project, [{ now: read(after), change: textChange(text, after) }], { name: 'test', textOf: () => after });
    expect(facts.functions.map((f) => f.body === first || f.body === worker || f.body === last)).toEqual([true, false, true]);
    expect(last!.start).toBe(after.indexOf('{\n    char'));
  });

  it('finds what a macro behind it registers where that stands now', () => {
    const before = `${text}#define RUN(h) PsCreateSystemThread(h, 0, NULL, NULL, NULL, Worker, NULL)\nvoid run(HANDLE *h) { RUN(h); }\n`;
    const { relinked, facts } = edited(before, before.replace('return a + LIMIT;', 'return a;'));
    const after = relinked!.project.textOf(facts.path);
    const places = relinked!.project.registrations.map((r) => [r.func.name, after.slice(r.start, r.end)]);
    expect(places).toContainEqual(['Worker', 'RUN(h)']);
    expect(relinked!.project.registrations.map((r) => [r.func.name, r.start, r.end])).toEqual(linkProject([read(after)], { name: 'test', textOf: () => after }).registrations.map((r) => [r.func.name, r.start, r.end]));
  });

  it('mends a body that was no code', () => {
    const broken = replaced('first(n);', 'first(n;');
    const { relinked } = edited(broken, text);
    expect([...relinked!.edited].map((fn) => fn.name)).toEqual(['Worker']);
    expect(relinked!.project.files).toEqual([read(text)]);
  });
});

describe('any other edit is refused and changes nothing', () => {
  it.each([
    ['a parameter', replaced('first(int a)', 'first(int b)')],
    ['a function more', `${text}int more(void) { return 0; }\n`],
    ['a macro', replaced('LIMIT 4', 'LIMIT 5')],
    ['a macro in a body', replaced('char buffer[16];', '\n#define INNER 1\nchar buffer[16];')],
    ['an initialiser', replaced('{ 0 }', '{ 1 }')],
    ['an annotation', replaced('_Use_decl_annotations_', '_IRQL_requires_(PASSIVE_LEVEL)')],
    ['a role declared in a body', replaced('char buffer[16];', 'KSTART_ROUTINE Other; char buffer[16];')],
    ['an include', replaced('#include <ntddk.h>', '#include <ntifs.h>')],
    ['a brace that swallows what follows', replaced('first(n);', 'first(n); {')],
  ])('%s', (_, after) => {
    const { relinked, facts } = edited(text, after);
    expect(relinked).toBeUndefined();
    expect(facts).toEqual(read(text));
  });
});
