import { describe, expect, it } from 'vitest';
import { bodies, callGraph, configuration, conversions, createParser, guardedAccesses, linkProject, meaningOf, ProjectReader, sourceFromString, stackVariable, usesOfLocal, type Expr, type Func, type Project } from '../../index.js';

const parser = await createParser();

function projectOf(text: string): Project {
  const reader = new ProjectReader({ source: (path) => (path === 'a.c' ? sourceFromString(text, path) : undefined), resolveInclude: () => undefined }, parser, configuration());
  reader.readUnit('a.c', 'c');
  return linkProject(reader.files, { name: 'test', textOf: () => text });
}

function functionOf(project: Project, name: string): Func {
  const fn = project.candidates(name).find((f) => f.def);
  if (!fn) throw new Error(`no function ${name}`);
  return fn;
}

describe('the index of a body', () => {
  const project = projectOf(`
    #define Make(bytes) ExAllocatePool2(POOL_FLAG_PAGED, (bytes), TAG)
    #define TAG 'gaTF'
    #define Plain(x) ((x) + 1)
    #define Renamed RtlZeroMemory
    typedef struct _BOX { ULONG Size; struct _BOX *Next; } BOX, *PBOX;
    VOID f(PBOX Box, PDEVICE_OBJECT Device)
    {
      PVOID p = Make(Plain(Box->Size));
      Renamed(p, sizeof(Box->Next));
      Box->Next->Size = 3;
      Device->Flags |= 4;
      Box->Size++;
      g(&Box->Next);
    }`);
  const index = bodies.run(project).of(functionOf(project, 'f'));

  it('finds calls by name, renamed ones and those of macros', () => {
    expect(index.sites.map((s) => [s.name, s.macro ?? ''])).toEqual([['Make', ''], ['ExAllocatePool2', 'Make'], ['Plain', ''], ['RtlZeroMemory', ''], ['g', '']]);
    expect(index.calls('RtlZeroMemory').map((s) => s.call.args.length)).toEqual([2]);
    expect(index.callsWhere((name) => name.startsWith('Rtl') || name.startsWith('Ex')).map((s) => s.name)).toEqual(['ExAllocatePool2', 'RtlZeroMemory']);
  });

  it('tells reads, writes and addresses of fields, and leaves out what is not evaluated', () => {
    const seen = (name: string): string[] => index.fields(name).map((f) => (f.write ? f.write.k : f.addressed ? 'addressed' : 'read'));
    expect([seen('Size'), seen('Next'), seen('Flags')]).toEqual([['read', 'assign', 'update'], ['read', 'addressed'], ['assign']]);
  });

  it('knows guarded fields of system structures', () => {
    expect(guardedAccesses(bodies.run(project), functionOf(project, 'f')).map((a) => [a.record, a.field, a.guard])).toEqual([['DEVICE_OBJECT', 'Flags', { bits: true }]]);
  });
});

describe('uses of a local', () => {
  const project = projectOf(`
    typedef struct _S { int a; int b[4]; struct _S *next; } S;
    S *Kept;
    int f(S *given)
    {
      S s;
      int i = given->a;
      s.a = i;
      use(&s, s.b, s.a);
      Kept = &s;
      given->next = &s;
      i = sizeof(s) + s.b[i];
      if (s.next->a) return s.a;
      return h((PVOID)&s.next);
    }`);
  const fn = functionOf(project, 'f');

  it('says what is done with each', () => {
    const first = usesOfLocal(project, fn, 's');
    expect(first.map((u) => `${u.kind}${u.address ? ' address' : ''}${u.part ? ` ${u.field}` : ''}${u.index === undefined ? '' : ` #${u.index}`}`)).toEqual([
      'written a', 'argument address #0', 'argument b #1', 'argument a #2', 'stored address', 'stored address', 'unevaluated', 'stored b', 'read a', 'returned a', 'argument address next #0',
    ]);
  });
});

describe('what values stand for', () => {
  const project = projectOf(`
    typedef NTSTATUS MY_STATUS;
    BOOLEAN Ready(VOID);
    MY_STATUS f(ULONG n, BOOLEAN b)
    {
      NTSTATUS s = Ready();
      b = s;
      p(n, b, s, n == 1, !n, NT_SUCCESS(s), Ready(), b ? s : s, (ULONG)s);
      return b;
    }`);
  const fn = functionOf(project, 'f');

  it('goes by names of types and by operators', () => {
    const args: Expr[] = fn.def!.decl.body!.calls.find((c) => c.callee.k === 'name' && c.callee.name === 'p')!.args;
    expect(args.map((a) => meaningOf(project, a, fn)?.meaning)).toEqual([undefined, 'boolean', 'status', 'truth', 'truth', 'truth', 'boolean', 'status', undefined]);
  });

  it('finds conversions to types that mean something', () => {
    expect(conversions(bodies.run(project), fn).map((c) => [c.how, c.to.name])).toEqual([['returned', 'NTSTATUS'], ['assigned', 'BOOLEAN'], ['assigned', 'NTSTATUS']]);
  });
});

describe('calls between functions', () => {
  const project = projectOf(`
    DRIVER_INITIALIZE DriverEntry;
    static VOID c(VOID) {} static VOID b(VOID) { c(); } VOID a(VOID) { b(); }
    NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { b(); return 0; }`);
  const graph = callGraph.run(project);

  it('knows callers and what is reached from a role', () => {
    expect(graph.callersOf(functionOf(project, 'b')).map((c) => c.fn.name)).toEqual(['a', 'DriverEntry']);
    expect([...graph.reachedFrom('DRIVER_INITIALIZE')].map((f) => f.name)).toEqual(['DriverEntry', 'b', 'c']);
  });
});

describe('addresses on the stack', () => {
  const project = projectOf(`
    typedef struct _S { int a; int b[4]; int *p; } S;
    VOID f(S *given) { static S kept; S s; S many[2]; S *q = &s; probe(&s, &s.b[1], s.b, many, &many[1].a, q, &q->a, s.p, &s.p[1], &kept, given, &given); }`);
  const fn = functionOf(project, 'f');

  it('are found behind &, fields and arrays, not behind pointers', () => {
    const args = fn.def!.decl.body!.calls[0]!.args;
    expect(args.map((a) => stackVariable(project, a, fn)?.name)).toEqual(['s', 's', 's', 'many', 'many', undefined, undefined, undefined, undefined, undefined, undefined, undefined]);
  });
});
