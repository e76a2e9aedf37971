import { describe, expect, it } from 'vitest';
import { typeText } from '@drvlint/core';
import { functionOf, projectOf } from '../harness/project-of-texts.js';

describe('functions', () => {
  it('has return type, parameters, convention and storage of a definition', () => {
    const { decl } = functionOf(projectOf({ 'a.c': 'static NTSTATUS NTAPI f(_In_ PDEVICE_OBJECT Device, _Inout_opt_ const ULONG *Count, ...)\n{ return 0; }' }), 'f').def!;
    expect(decl).toMatchObject({ name: 'f', isStatic: true, variadic: true, callconv: 'NTAPI', ret: { base: 'NTSTATUS', ptr: 0 }, externC: true });
    expect(decl.params.map((p) => [p.name, typeText(p.type), p.annotations.map((a) => a.name)])).toEqual([
      ['Device', 'PDEVICE_OBJECT', ['_In_']], ['Count', 'const ULONG *', ['_Inout_opt_']],
    ]);
  });

  it('binds annotations before the type, between type and name, and behind the parameters', () => {
    const { decl } = functionOf(projectOf({
      'a.c': 'VOID other(VOID);\n_IRQL_requires_max_(DISPATCH_LEVEL)\n_Must_inspect_result_\nNTSTATUS _IRQL_requires_same_ f(_In_ int a) _Releases_lock_(a);\nint next(void);\n',
    }), 'f').decls[0];
    expect(decl.annotations.map((a) => a.name)).toEqual(['_IRQL_requires_max_', '_Must_inspect_result_', '_IRQL_requires_same_', '_Releases_lock_']);
    expect(decl.annotations[0].args).toEqual(['DISPATCH_LEVEL']);
  });

  it('reads on behind C++ attributes of declarations and parameters', () => {
    const p = projectOf({ 'a.cpp': '[[nodiscard]] DWORD WINAPI a(PVOID w, LPVOID p) { return 0; }\nint b([[maybe_unused]] int n, PVOID) { return 0; }\nvoid c(PVOID, void * /* p */) { }\n' });
    expect(['a', 'b', 'c'].map((n) => functionOf(p, n).params.map((x) => `${typeText(x.type)} ${x.name}`.trim()))).toEqual([
      ['PVOID w', 'LPVOID p'], ['int n', 'PVOID'], ['PVOID', 'void *'],
    ]);
  });

  it('reads annotations whose names have an empty fall-back definition', () => {
    const p = projectOf({ 'a.c': '#ifndef _IRQL_requires_\n#define _IRQL_requires_(level)\n#endif\n_IRQL_requires_(APC_LEVEL) VOID a(VOID);\n' });
    expect(functionOf(p, 'a').decls[0].decl.annotations).toMatchObject([{ name: '_IRQL_requires_', args: ['APC_LEVEL'] }]);
  });

  it('does not give one declaration the annotations of the next', () => {
    const p = projectOf({ 'a.c': '_IRQL_requires_(PASSIVE_LEVEL) VOID a(VOID);\n_IRQL_requires_(APC_LEVEL) VOID b(VOID);\nVOID c(VOID);\n' });
    expect(['a', 'b', 'c'].map((n) => functionOf(p, n).decls[0].decl.annotations.flatMap((x) => x.args ?? []))).toEqual([['PASSIVE_LEVEL'], ['APC_LEVEL'], []]);
  });

  it('reads K&R definitions', () => {
    const { decl } = functionOf(projectOf({ 'a.c': 'int f(a, b)\n  int a;\n  char *b;\n{ return a; }' }), 'f').def!;
    expect(decl.params.map((p) => [p.name, typeText(p.type)])).toEqual([['a', 'int'], ['b', 'char *']]);
  });

  it('takes a role declaration for a function at file, class and block scope', () => {
    const p = projectOf({
      'a.cpp': 'extern "C" KSTART_ROUTINE Worker;\nclass D { static EVT_WDF_DEVICE_D0_ENTRY Entry; };\nvoid g() { extern KDEFERRED_ROUTINE Late; }\n',
    });
    expect(p.funcs.filter((f) => !f.def).map((f) => [f.qualified, f.decls[0].decl.viaTypedef])).toEqual([
      ['Worker', 'KSTART_ROUTINE'], ['D::Entry', 'EVT_WDF_DEVICE_D0_ENTRY'], ['Late', 'KDEFERRED_ROUTINE'],
    ]);
    expect(functionOf(p, 'Worker').params.map((x) => x.name)).toEqual(['StartContext']);
  });

  it('does not take a variable of a structure type for a function', () => {
    expect(projectOf({ 'a.c': 'KSPIN_LOCK Lock;\nDEVICE_CONTEXT Context;\n' }).funcs).toEqual([]);
  });

  it('has namespaces, classes and methods in and outside of the class', () => {
    const p = projectOf({ 'a.cpp': 'namespace N { class C { public: C(int a) : m_a(a) {} ~C(); virtual void v() final; static int s(); int m_a; }; }\nN::C::~C() { }\nint N::C::s() { return 1; }\n' });
    expect(p.funcs.map((f) => f.qualified).sort()).toEqual(['N::C::C', 'N::C::s', 'N::C::v', 'N::C::~C']);
    expect(functionOf(p, 'N::C::C').def!.decl.ctorInits).toMatchObject([{ name: 'm_a', args: [{ k: 'name', name: 'a' }] }]);
    expect(functionOf(p, 'N::C::s').decls).toHaveLength(2);
    expect(functionOf(p, 'N::C::v').decls[0].decl).toMatchObject({ isVirtual: true, isFinal: true });
  });

  it('places functions in the segments that macros with pragmas open and close', () => {
    const p = projectOf({
      'a.cpp': '#define PAGED_BEGIN __pragma(code_seg(push)) __pragma(code_seg("PAGE"))\n#define PAGED_END __pragma(code_seg(pop))\n#define SEG(x) __pragma(code_seg(x))\nPAGED_BEGIN\nvoid paged() { }\nPAGED_END\nvoid plain() { }\nSEG("INIT")\nvoid init() { }\n',
    });
    expect(['paged', 'plain', 'init'].map((n) => p.sectionOf(functionOf(p, n))?.name)).toEqual(['PAGE', undefined, 'INIT']);
  });

  it('reads conversion and overloaded operators', () => {
    const p = projectOf({ 'a.cpp': 'class C { public: operator PVOID *() const { return p; } explicit operator bool() { return true; } bool operator==(int a) { return a; } PVOID *p; };\n' });
    expect(p.funcs.map((f) => [f.qualified, f.ret && typeText(f.ret)])).toEqual([['C::operator PVOID *', 'PVOID *'], ['C::operator bool', 'bool'], ['C::operator==', 'bool']]);
    expect(p.files[0].notAnalysed).toEqual([]);
  });

  it('leaves a function with a syntax error alone and says so, the next one being analysed', () => {
    const p = projectOf({ 'a.c': 'void bad(void) { if (x { ]]] y = ; }\nvoid good(void) { g(); }\n' });
    expect(functionOf(p, 'good').def!.decl.body!.calls).toHaveLength(1);
    expect(p.files[0].notAnalysed.length).toBeGreaterThan(0);
    expect(p.funcs.find((f) => f.name === 'bad')?.def?.decl.body).toBeUndefined();
  });
});

describe('types and records', () => {
  it('has fields with types, anonymous members included', () => {
    const [r] = projectOf({ 'a.c': 'typedef struct _EXT { KSPIN_LOCK Lock; union { ULONG A; PVOID B; }; LIST_ENTRY *Next[4]; ULONG Bit : 1; } EXT, *PEXT;\n' }).files[0].records;
    expect(r).toMatchObject({ name: '_EXT', typedefName: 'EXT' });
    expect(r.fields.map((f) => f.name)).toEqual(['Lock', 'A', 'B', 'Next', 'Bit']);
  });

  it('follows typedef chains and pointer aliases of project and WDK', () => {
    const p = projectOf({ 'a.c': 'typedef struct _EXT { int a; } EXT, *PEXT;\ntypedef PEXT HANDLE_OF_EXT;\nvoid f(HANDLE_OF_EXT e, PDEVICE_OBJECT d, DEVICE_OBJECT *d2, struct _DEVICE_OBJECT *d3, PVOID v, void *v2) { }\n' });
    const fn = functionOf(p, 'f');
    const file = fn.def!.file;
    const [e, d, d2, d3, v, v2] = fn.params.map((x) => x.type);
    expect(p.canonical(e, file)).toMatchObject({ base: 'EXT', ptr: 1 });
    expect(p.canonical(d, file)).toMatchObject({ base: 'DEVICE_OBJECT', ptr: 1 });
    expect([p.sameType(d, d2, file), p.sameType(d, d3, file), p.sameType(v, v2, file), p.sameType(d, v, file)]).toEqual([true, true, true, false]);
  });

  it('reads function pointer typedefs and types of expressions', () => {
    const p = projectOf({ 'a.c': 'typedef NTSTATUS (NTAPI *PFN)(PVOID, ULONG);\ntypedef struct _S { PFN Call; struct _S *Next; } S;\nvoid f(S *s) { s->Next->Call(0, 1); }\n' });
    const fn = functionOf(p, 'f');
    const call = fn.def!.decl.body!.calls[0];
    expect(p.fieldOf(call.callee, fn)).toMatchObject({ record: 'S', field: 'Call' });
    expect(typeText(p.canonical(p.typeOf(call.callee, fn)!, fn.def!.file))).toBe('NTSTATUS (*)(PVOID, ULONG)');
    expect(typeText(p.typeOf(call, fn)!)).toBe('NTSTATUS');
  });
});
