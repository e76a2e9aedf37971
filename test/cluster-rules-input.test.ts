// The cluster rules on input that is half typed, contradictory or strange: nothing throws, nothing is invented.

import fs from 'node:fs';
import path from 'node:path';
import { runRules, selectRules, type Finding } from '@drvlint/core';
import { rules } from '@drvlint/rules';
import { describe, expect, it } from 'vitest';
import { root } from './harness/fixtures.js';
import { projectOf } from './harness/project-of-texts.js';

const own = rules.filter((r) => r.meta.family === 'cluster');
const active = selectRules(own, { presets: ['all'], arch: 'amd64', rules: {} });

function findingsOf(files: Record<string, string>): Finding[] {
  const result = runRules(projectOf(files), own, { rulesFor: () => active, minimum: 'info' });
  expect(result.problems).toEqual([]);
  return result.findings;
}

const brief = (list: Finding[]): string[] => list.map((f) => `${f.file}:${f.line} ${f.rule}`);
const head = '#include <windows.h>\n#include <resapi.h>\n';
const inC = (code: string): string[] => brief(findingsOf({ 'a.c': head + code }));
const inCpp = (code: string): string[] => brief(findingsOf({ 'a.cpp': head + code }));

function filesOf(project: string): Record<string, string> {
  const folder = path.join(root, 'fixtures/projects', project);
  return Object.fromEntries(fs.readdirSync(folder).filter((f) => /\.(?:c|cpp|h)$/.test(f)).map((f) => [f, fs.readFileSync(path.join(folder, f), 'utf8')]));
}

const worker = 'DWORD WINAPI Run(PCLUS_WORKER w, LPVOID p) { while (!ClusWorkerCheckTerminate(w)) Sleep(100); return ERROR_OPERATION_ABORTED; }\n';
const entries = ['DWORD WINAPI FOnline(RESID r, LPHANDLE e) { return ERROR_SUCCESS; }', 'DWORD WINAPI FOffline(RESID r) { return ERROR_SUCCESS; }', 'void WINAPI FTerminate(RESID r) { }', 'BOOL WINAPI FLooksAlive(RESID r) { return TRUE; }', 'BOOL WINAPI FIsAlive(RESID r) { return TRUE; }'].join('\n');

describe('cluster rules', () => {
  for (const project of ['resdll-c', 'resdll-cpp']) {
    it(`say nothing on any beginning of a file of ${project}`, () => {
      const files = filesOf(project);
      const nonsense: string[] = [];
      for (const [name, text] of Object.entries(files)) {
        const ends = [...text.matchAll(/\w+|[^\s\w]/g)].map((m) => m.index + m[0].length);
        for (let i = 3; i < ends.length; i += 97) nonsense.push(...brief(findingsOf({ ...files, [name]: text.slice(0, ends[i]) })).map((f) => `${name} to token ${i}: ${f}`));
      }
      expect(nonsense).toEqual([]);
    });

    it(`say little when a line of ${project} is broken`, () => {
      const files = filesOf(project);
      for (const [name, text] of Object.entries(files)) {
        const lines = text.split('\n');
        for (let broken = 5; broken < lines.length; broken += 31) {
          const found = findingsOf({ ...files, [name]: lines.map((line, i) => (i === broken ? `${line.slice(0, line.length / 2)} ((` : line)).join('\n') });
          expect(brief(found).length, `${name}:${broken + 1}: ${brief(found).join(', ')}`).toBeLessThanOrEqual(1);
        }
      }
    });
  }

  it('bear calls with too few and too many arguments', () => {
    expect(inC(`${worker}DWORD f(PCLUS_WORKER v, PCLUS_WORKER w) { DWORD sc = ClusWorkerCreate(); if (sc) return sc; sc = ClusWorkerCreate(v); if (sc) return sc; sc = ClusWorkerCreate(w, Run); return sc; }`)).toEqual([]);
    expect(inC(`${worker}DWORD f(PCLUS_WORKER w) { ClusWorkerTerminate(); ClusWorkerCheckTerminate(); return ClusWorkerCreate(w, Run, NULL, 1, 2, 3); }`)).toEqual([]);
    expect(inC('DWORD WINAPI Run(PCLUS_WORKER w, LPVOID p) { while (!ClusWorkerCheckTerminate()) Sleep(100); return 0; }\nDWORD f(PCLUS_WORKER w) { return ClusWorkerCreate(w, Run, NULL); }')).toEqual(['a.c:3 worker-pointer-unused']);
  });

  it('bear function tables with too few and too many slots', () => {
    for (const slots of ['', 'NULL', 'F, F', 'FOpen, FClose, FOnline, FOffline, FTerminate, FLooksAlive, FIsAlive, NULL, NULL, NULL, NULL, NULL, FIsAlive, FIsAlive, 7']) {
      const found = inC(`${entries}\nCLRES_FUNCTION_TABLE g_t = { sizeof(g_t), CLRES_VERSION_V1_00, { ${slots} } };\n`);
      expect(found.filter((f) => !/ entry-point-signature$/.test(f)), slots).toEqual([]);
    }
    for (const args of ['', 'g_t', 'g_t, CLRES_VERSION_V1_00', 'g_t, CLRES_VERSION_V1_00, F', 'g_t, CLRES_VERSION_V1_00, F, NULL, NULL, NULL, NULL, NULL, NULL', ', , ,', 'g_t, CLRES_VERSION_V1_00, "F", NULL, NULL, NULL, NULL']) {
      expect(inC(`${entries}\nCLRES_V1_FUNCTION_TABLE(${args});\n`), args).toEqual([]);
    }
  });

  it('see through macros that build whole functions, or let them be', () => {
    const define = '#define WORKER(name, body) static DWORD WINAPI name(PCLUS_WORKER w, LPVOID p) { body; return ERROR_SUCCESS; }\n#define ENTRY(name) DWORD WINAPI name(RESID r)\n#define BEGIN_WORKER(name) DWORD WINAPI name(PCLUS_WORKER w, LPVOID p) { for (;;) { if (ClusWorkerCheckTerminate(w)) break;\n#define END_WORKER } return ERROR_OPERATION_ABORTED; }\n';
    expect(inC(`${define}WORKER(A, Sleep(100))\nENTRY(FOffline) { return ERROR_SUCCESS; }\nBEGIN_WORKER(B)\n  Sleep(100);\nEND_WORKER\nDWORD f(PCLUS_WORKER a, PCLUS_WORKER b) { DWORD sc = ClusWorkerCreate(a, A, NULL); return sc ? sc : ClusWorkerCreate(b, B, NULL); }\n`)).toEqual([]);
    expect(inC(`${define}#define RESOURCE(prefix) ENTRY(prefix##Online) { return ERROR_SUCCESS; } ENTRY(prefix##Offline) { return ERROR_SUCCESS; }\nRESOURCE(F)\nCLRES_V1_FUNCTION_TABLE(g_t, CLRES_VERSION_V1_00, F, NULL, NULL, NULL, NULL);\n`)).toEqual([]);
  });

  it('bear templates of workers and of resources', () => {
    expect(inCpp(`template <class T> struct Base {
  CLUS_WORKER m_worker{};
  static DWORD WINAPI Thread(PCLUS_WORKER w, LPVOID p) { return static_cast<T*>(p)->Run(w); }
  DWORD Start() { return ClusWorkerCreate(&m_worker, &Base<T>::Thread, static_cast<T*>(this)); }
  ~Base() { ClusWorkerTerminate(&m_worker); }
};
template <int N, class... Args> DWORD WINAPI Many(PCLUS_WORKER w, Args... args) { return sizeof...(args) + N; }
template <PWORKER_START_ROUTINE F> DWORD Go(PCLUS_WORKER w) { return ClusWorkerCreate(w, F, nullptr); }
struct Site : Base<Site> { DWORD Run(PCLUS_WORKER w) { while (!ClusWorkerCheckTerminate(w)) Sleep(100); return ERROR_OPERATION_ABORTED; } };
DWORD f(PCLUS_WORKER w) { return Go<&Site::Thread>(w); }
`)).toEqual([]);
  });

  it('bear conflicting and endless declarations', () => {
    expect(inC(`DWORD Run;\n${worker}void Run(int);\nDWORD f(PCLUS_WORKER w) { return ClusWorkerCreate(w, Run, NULL); }`).filter((f) => !/worker-callback-signature$/.test(f))).toEqual([]);
    expect(inC(`typedef A B;\ntypedef B A;\nA WINAPI Run(A w, B p) { return Run(w, p); }\nDWORD f(PCLUS_WORKER w) { return ClusWorkerCreate(w, Run, NULL); }`).filter((f) => !/worker-callback-signature|worker-check-terminate$/.test(f))).toEqual([]);
    expect(inC('#define ClusWorkerCreate(a, b, c) ClusWorkerCreate(a, b, c)\n#define ClusWorkerCheckTerminate ClusWorkerCheckTerminate\nDWORD WINAPI Run(PCLUS_WORKER w, LPVOID p) { while (!ClusWorkerCheckTerminate(w)) Sleep(10); return ERROR_OPERATION_ABORTED; }\nDWORD f(PCLUS_WORKER w) { return ClusWorkerCreate(w, Run, NULL); }')).toEqual([]);
    expect(inCpp('class A { CLUS_WORKER w; class A; };\nclass A : A { };\nDWORD WINAPI A::A::Run(PCLUS_WORKER w, LPVOID p) { return 0; }')).toEqual([]);
  });

  it('take the names of the API as what they are in the code at hand', () => {
    expect(inC('struct CLUS_WORKER_LIST { int x; };\nint f(int ClusWorkerCreate) { int PCLUS_WORKER = ClusWorkerCreate; return PCLUS_WORKER; }\nint g(void) { int Startup = 1; goto Terminate; Terminate: return Startup; }')).toEqual([]);
    expect(inC('static DWORD ClusWorkerCreate(int a) { return a; }\nvoid f(void) { ClusWorkerCreate(1); }')).toEqual([]);
  });
});
