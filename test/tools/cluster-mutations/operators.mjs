// Ways to break a resource DLL: what each rule of the family describes, as edits of its text. An operator gives every place it can be
// applied to: { rule, what, file, edits: [{ start, end, text }], at: [offsets at one of which the finding must stand] }.

const STATUS_CALL = 'g_\\w*(?:SetResourceStatus|reportStatus)\\w*';
const LOG_CALL = 'g_\\w*(?:[Ll]ogEvent)\\w*';
const CHECK = 'ClusWorkerCheckTerminate|StopRequested';

/** What all operators look at: files, workers, creators, entry points by suffix of their names. */
export class Dll {
  constructor(sources) {
    this.sources = sources;
    this.creates = sources.flatMap((s) => s.calls('ClusWorkerCreate').map((call) => ({ s, call, fn: functionAt(s, call.start) })).filter((c) => c.fn));
    const names = new Set(this.creates.map(({ s, call }) => /(\w+)\W*$/.exec(s.code.slice(call.args[1].start, call.args[1].end))?.[1]));
    this.workers = sources.flatMap((s) => s.functions.filter((f) => names.has(f.short)).map((fn) => ({ s, fn })));
    this.workerNames = [...names];
    this.prefix = sources.flatMap((s) => s.functions).map((f) => /^(\w+)LooksAlive$/.exec(f.name)?.[1]).find((p) => p);
  }

  entries(...roles) {
    return this.sources.flatMap((s) => s.functions.filter((f) => roles.some((r) => f.name === this.prefix + r)).map((fn) => ({ s, fn })));
  }

  /** Functions a worker runs, as far as the text tells: those that get its pointer. */
  workerSide() {
    const own = new Set(this.workers.map((w) => w.fn));
    return this.sources.flatMap((s) => s.functions.filter((f) => own.has(f) || /PCLUS_WORKER/.test(s.code.slice(f.nameAt, f.open))).map((fn) => ({ s, fn })));
  }
}

function functionAt(s, at) {
  return s.functions.find((f) => f.open < at && at < f.close);
}

const edit = (start, end, text) => ({ start, end, text });
const over = (r, text) => edit(r.start, r.end, text);
/** One mutant in one file. */
const one = (rule, what, s, edits, ...at) => ({ rule, what, file: s.path, edits, at });
const atOpen = (fn, text) => edit(fn.open + 1, fn.open + 1, ` ${text}`);
/** A statement put at the beginning of a function. */
const inserted = (rule, what, s, fn, text) => one(rule, what, s, [atOpen(fn, text)], fn.open + 1);

function signatures(dll, rule, names, changes) {
  return names.flatMap((name) => {
    const places = dll.sources.flatMap((s) => s.heads(name).map((h) => ({ s, h })));
    const def = places.find(({ h }) => h.defines);
    if (!def) return [];
    return changes.flatMap(([what, change, definitionOnly]) => {
      if (definitionOnly && places.length < 2) return [];
      const more = places.filter((p) => (definitionOnly ? p === def : true)).map(({ s, h }) => ({ file: s.path, edit: change(s, h) }));
      if (more.some((m) => !m.edit)) return [];
      return [{ rule, what: `${what}: ${name}`, file: def.s.path, edits: more.filter((m) => m.file === def.s.path).map((m) => m.edit), others: more.filter((m) => m.file !== def.s.path), at: [def.h.nameAt] }];
    });
  });
}

const RESULTS = ['void', 'BOOLEAN', 'HRESULT', 'LPVOID', 'NTSTATUS', 'ULONG_PTR'];
const operators = [];
const operator = (name, make) => operators.push({ name, make });

operator('A1 type of the routine', (dll) => signatures(dll, 'worker-callback-signature', dll.workerNames, [
  ...RESULTS.map((r) => [`returns ${r}`, (_s, h) => over(h.result, r)]),
  ['no convention', (_s, h) => over(h.convention, '')],
  ['__cdecl', (_s, h) => over(h.convention, '__cdecl')],
  ['no convention at the definition', (_s, h) => over(h.convention, ''), true],
  ['parameters swapped', (s, h) => edit(h.params[0].start, h.params[1].end, `${s.slice(h.params[1])}, ${s.slice(h.params[0])}`)],
  ['no second parameter', (s, h) => edit(h.params[0].start, h.params[1].end, s.slice(h.params[0]))],
  ['three parameters', (_s, h) => edit(h.params[1].end, h.params[1].end, ', DWORD more')],
  ['first is LPVOID', (_s, h) => over(h.params[0], 'LPVOID first')],
  ['first is another structure', (_s, h) => over(h.params[0], 'PRESOURCE_STATUS first')],
  ['second is DWORD', (_s, h) => over(h.params[1], 'DWORD second')],
  ['variadic', (_s, h) => edit(h.params[1].end, h.params[1].end, ', ...')],
]));
operator('A1 arguments of the create', (dll) => dll.creates.flatMap(({ s, call }) => [
  one('worker-callback-signature', 'arguments swapped', s, [over(call.args[0], s.slice(call.args[1])), over(call.args[1], s.slice(call.args[0]))], call.args[0].start, call.args[1].start),
  one('worker-callback-signature', 'context as routine', s, [over(call.args[1], s.slice(call.args[2])), over(call.args[2], s.slice(call.args[1]))], call.args[1].start),
  one('worker-callback-signature', 'no worker', s, [over(call.args[0], 'NULL')], call.args[0].start),
]));

operator('A2 condition of a loop', (dll) => dll.workerSide().flatMap(({ s, fn }) => s.loops(fn.open, fn.close).flatMap((loop) => {
  const check = s.calls(CHECK, loop.open, loop.close)[0];
  if (!check) return [];
  const cond = { start: loop.open + 1, end: loop.close - 1 };
  const call = s.text.slice(check.start, check.end);
  const make = (what, text) => one('worker-check-terminate', what, s, [over(cond, text)], loop.start);
  const positive = call.replace(/\(.*\)/s, '( NULL )');
  return [
    make('no check in the condition', 'TRUE'), make('inverted', call), make('inverted with ==', `${call} == TRUE`), make('or', `! ${call} || MutantBusy()`),
    make('another condition', 'MutantBusy()'), make('no worker', `! ${positive}`),
    one('worker-check-terminate', 'checked before the loop only', s, [over(cond, '! mutantStop'), edit(loop.start, loop.start, `BOOL mutantStop = ${call}; `)], loop.start),
    one('worker-check-terminate', 'of another worker', s, [over(cond, '! ClusWorkerCheckTerminate( &mutantWorker )'), edit(loop.start, loop.start, 'CLUS_WORKER mutantWorker = { 0 }; ')], loop.start),
  ];
})));
operator('A2 check in a body', (dll) => dll.workerSide().flatMap(({ s, fn }) => s.loops(fn.open, fn.close).flatMap((loop) => {
  const check = s.calls(CHECK, loop.body, loop.end)[0];
  if (!check) return [];
  const whole = s.statement(check.start);
  const call = s.text.slice(check.start, check.end);
  const make = (what, edits) => one('worker-check-terminate', what, s, edits, loop.start);
  return [
    make('check removed', [over(whole, ';')]), make('result unused', [over(whole, `${call};`)]), make('void', [over(whole, `(void)${call};`)]),
    make('only now and then', [edit(check.start, check.end, `MutantBusy() && ${call}`)]), make('told too late', [over(whole, `if (${call}) { MutantNote(); }`)]),
    make('continue before it', [edit(loop.body + 1, loop.body + 1, ' if (MutantBusy()) { Sleep(100); continue; }')]),
    make('break of a switch', [over(whole, `switch (MutantKind()) { default: if (${call}) break; MutantNote(); }`)]),
    make('logged', [over(whole, `{ BOOL mutantStop = ${call}; OutputDebugStringW(mutantStop ? L"s" : L"r"); }`)]),
  ];
})));
operator('A2 another loop', (dll) => dll.workerSide().flatMap(({ s, fn }) => [
  'for (;;) { if (MutantBusy()) break; Sleep(500); }', 'while (MutantBusy()) { Sleep(200); }', 'while (TRUE) { Sleep(1000); }', 'do { Sleep(250); } while (MutantBusy());',
  'for (int mutantI = 0; mutantI < 20; mutantI++) { Sleep(500); }', 'while (WaitForSingleObject(MutantHandle(), 1000) == WAIT_TIMEOUT) { }',
  'for (int mutantI = 60; mutantI > 0; mutantI--) { if (MutantBusy()) Sleep(1000); }', '{ DWORD mutantCode = STILL_ACTIVE; while (mutantCode == STILL_ACTIVE) GetExitCodeProcess(MutantHandle(), &mutantCode); }',
].map((text) => inserted('worker-check-terminate', 'unchecked loop', s, fn, text))));

operator('A3 zeroing', (dll) => dll.sources.flatMap((s) => {
  const gone = [
    ...s.calls('ZeroMemory').filter((c) => /sizeof/.test(s.slice(c)) && functionAt(s, c.start)?.short.endsWith('Open')).flatMap((c) => [
      [s.statement(c.start), ';'], [c.args[1], `sizeof( ${s.slice(c.args[0])} )`],
    ]),
    ...[...s.code.matchAll(/\bLPTR\b/g)].map((m) => [{ start: m.index, end: m.index + 4 }, 'LMEM_FIXED']),
    ...[...s.code.matchAll(/CLUS_WORKER\s+\w+(\s*\{\s*\})/g)].map((m) => [{ start: m.index + m[0].length - m[1].length, end: m.index + m[0].length }, '']),
  ];
  return gone.map(([r, text]) => ({ ...one('worker-struct-zero-init', `not zeroed: ${s.slice(r).slice(0, 40)}`, s, [over(r, text)]), anywhere: dll.creates.map((c) => ({ file: c.s.path, at: c.call.start })) }));
}));
operator('A3 a local worker', (dll) => dll.creates.map(({ s, call }) => {
  const whole = s.statement(call.start);
  return one('worker-struct-zero-init', 'local without initialiser', s, [edit(whole.start, whole.start, 'CLUS_WORKER mutantWorker; '), over(call.args[0], '&mutantWorker')], call.start);
}));

operator('A4 members', (dll) => dll.sources.flatMap((s) => s.calls('ClusWorkerTerminate').flatMap((c) => {
  const object = s.slice(c.args[0]).replace(/^&\s*/, '');
  return [
    `WaitForSingleObject( ${object}.hThread, INFINITE )`, `TerminateThread( ${object}.hThread, 1 )`, `CloseHandle( ${object}.hThread )`, `${object}.Terminate = TRUE`,
    `CLUS_WORKER mutantCopy = ${object}`, `if ( ${object}.hThread != NULL ) MutantNote()`,
  ].map((text) => one('worker-struct-opaque', text, s, [over(c, text)], c.start));
})));
operator('A4 members through the pointer', (dll) => dll.workers.flatMap(({ s, fn }) => s.calls('ClusWorkerCheckTerminate', fn.open, fn.close)
  .map((c) => one('worker-struct-opaque', 'reads Terminate', s, [over(c, `${s.slice(c.args[0])}->Terminate`)], c.start))));

operator('A5 result of a worker', (dll) => dll.workers.flatMap(({ s, fn }) => [...s.code.slice(fn.open, fn.close).matchAll(/\breturn\s+sc\s*;/g)].flatMap((m) => {
  const r = { start: fn.open + m.index, end: fn.open + m.index + m[0].length };
  return ['E_FAIL', 'HRESULT_FROM_WIN32(sc)', 'TRUE', '(DWORD)-1', 'STATUS_UNSUCCESSFUL', 'ERROR_IO_PENDING', 'ClusterResourceFailed', 'ResourceExitStateTerminate', 'WaitForSingleObject(MutantHandle(), 0)', '(sc == ERROR_SUCCESS)', 'S_OK']
    .map((v) => one('worker-return-code', `returns ${v}`, s, [over(r, `return ${v};`)], r.start));
})));
operator('A5 status variable', (dll) => dll.workers.flatMap(({ s, fn }) => [...s.code.slice(fn.open, fn.close).matchAll(/\bsc\s*=\s*(ERROR_\w+|GetLastError\s*\(\s*\)|HRESULT_CODE\s*\(\s*\w+\s*\))\s*;\s*(?=goto|\})/g)].flatMap((m) => {
  const start = fn.open + m.index + m[0].indexOf(m[1]);
  return ['E_OUTOFMEMORY', 'HRESULT_FROM_WIN32(GetLastError())', 'FALSE'].map((v) => one('worker-return-code', `${m[1]} -> ${v}`, s, [edit(start, start + m[1].length, v)], start));
})));

operator('A6 result of the create', (dll) => dll.creates.flatMap(({ s, call }) => {
  const whole = s.statement(call.start);
  const name = /\b(\w+)\s*=\s*$/.exec(s.code.slice(whole.start, call.start))?.[1];
  if (!name) return [];
  const declared = /^const\s+DWORD/.test(s.code.slice(whole.start));
  const text = s.text.slice(call.start, call.end);
  const start = declared ? edit(whole.start, call.start, `const DWORD ${name} = ERROR_SUCCESS; `) : edit(whole.start, call.start, '');
  const say = (what, edits) => one('worker-create-unchecked', what, s, edits, call.start);
  const test = /\bif\s*\(\s*(sc\s*[!=]=\s*ERROR_SUCCESS)\s*\)/.exec(s.code.slice(whole.end));
  const at = test ? whole.end + test.index + test[0].indexOf(test[1]) : -1;
  const inFunction = test && at < functionAt(s, call.start).close;
  return [
    say('dropped', [start]), say('void', [{ ...start, text: `${start.text}(void)` }]), say('in an if without a branch', [over({ start: whole.start, end: whole.end }, `${declared ? `const DWORD ${name} = ERROR_SUCCESS; ` : ''}${text};`)]),
    ...(inFunction ? [
      say('FAILED()', [edit(at, at + test[1].length, 'FAILED( sc )')]), say('< 0', [edit(at, at + test[1].length, '(LONG)sc < 0')]), say('== TRUE', [edit(at, at + test[1].length, 'sc == TRUE')]),
      say('wrong sense', [edit(at, at + test[1].length, test[1].includes('!') ? 'sc == ERROR_SUCCESS' : 'sc != ERROR_SUCCESS')]),
    ] : []),
  ];
}));

operator('B1 pending', (dll) => [
  ...dll.creates.flatMap(({ s, call, fn }) => {
    // A member function returns it to the entry point, whose return is the one that counts.
    const anywhere = fn.name.includes('::') ? dll.entries(fn.short).flatMap((e) => [...e.s.code.slice(e.fn.open, e.fn.close).matchAll(/\breturn\b/g)].map((m) => ({ file: e.s.path, at: e.fn.open + m.index }))) : [];
    const whole = s.statement(call.start);
    const text = s.slice(whole);
    const returns = [...s.code.slice(whole.end, fn.close).matchAll(/\breturn\b/g)].map((m) => whole.end + m.index);
    return [
      inserted('pending-without-worker', 'returned before the create', s, fn, 'if (MutantBusy()) return ERROR_IO_PENDING;'),
      one('pending-without-worker', 'no create', s, [over(whole, `${text.slice(0, call.start - whole.start)}ERROR_SUCCESS;`)], ...returns),
      one('pending-without-worker', '997 first', s, [atOpen(fn, 'if (MutantBusy()) return 997;')], fn.open + 1),
    ].map((m) => ({ ...m, anywhere }));
  }),
  ...dll.entries('ResourceControl').map(({ s, fn }) => inserted('pending-without-worker', 'another entry point', s, fn, 'if (MutantBusy()) return ERROR_IO_PENDING;')),
]);

operator('B2 final status', (dll) => dll.workers.flatMap(({ s, fn }) => {
  const reports = s.calls(STATUS_CALL, fn.open, fn.close);
  const last = reports.at(-1);
  if (!last) return [];
  const end = fn.open + s.code.slice(fn.open, fn.close).lastIndexOf('return');
  const final = [...s.code.slice(fn.open, fn.close).matchAll(/\.ResourceState\s*=\s*([^;]*(?:ClusterResourceOnline|ClusterResourceOffline)\b[^;]*);/g)].at(-1);
  const value = final && { start: fn.open + final.index + final[0].indexOf(final[1]), end: fn.open + final.index + final[0].indexOf(final[1]) + final[1].length };
  return [
    one('worker-final-status', 'no last report', s, [over(s.statement(last.start), ';')], end),
    inserted('worker-final-status', 'early return', s, fn, 'if (MutantBusy()) return ERROR_INVALID_PARAMETER;'),
    ...(value ? [one('worker-final-status', 'ends pending', s, [over(value, /Online/.test(final[1]) ? 'ClusterResourceOnlinePending' : 'ClusterResourceOfflinePending')], end)] : []),
    one('worker-final-status', 'returns before the report', s, [edit(s.statement(last.start).start, s.statement(last.start).start, 'if (MutantBusy()) return ERROR_GEN_FAILURE; ')], s.statement(last.start).start),
  ];
}));

/** Reports inside loops of workers, with the statement that looks at the answer. */
function loopReports(dll) {
  return dll.workerSide().flatMap(({ s, fn }) => s.loops(fn.open, fn.close).flatMap((loop) => s.calls(STATUS_CALL, loop.body, loop.end).map((call) => ({ s, fn, loop, call, whole: s.statement(call.start) }))));
}

operator('B3 answer ignored', (dll) => loopReports(dll).flatMap(({ s, loop, call, whole }) => {
  const text = s.text.slice(call.start, call.end);
  const stored = /^(\w+)\s*=/.exec(s.code.slice(whole.start))?.[1];
  const test = stored && new RegExp(`\\bif\\s*\\(\\s*${stored}\\b`).exec(s.code.slice(whole.end, loop.end));
  const edits = test ? [over(whole, `${text};`), over({ start: whole.end + test.index, end: s.statementEnd(whole.end + test.index) }, ';')] : [over(whole, `${text};`)];
  const out = [one('status-exit-state-ignored', 'ignored', s, edits, whole.start, call.start), one('status-exit-state-ignored', 'void', s, [{ ...edits[0], text: `(void)${text};` }, ...edits.slice(1)], whole.start, call.start)];
  const comparison = /[!=]=\s*ResourceExitState\w+/.exec(s.code.slice(call.end, whole.end));
  if (comparison) out.push(one('status-exit-state-ignored', 'compared with TRUE', s, [edit(call.end + comparison.index, call.end + comparison.index + comparison[0].length, '== TRUE')], whole.start, call.start));
  return out;
}));
operator('B4 no progress', (dll) => loopReports(dll).flatMap(({ s, loop, whole, call }) => {
  const steps = [...s.code.slice(loop.body, loop.end).matchAll(/[^;{}]*CheckPoint\s*\+\+\s*;/g)].map((m) => ({ start: loop.body + m.index + m[0].search(/\S/), end: loop.body + m.index + m[0].length }));
  const stored = /^(\w+)\s*=/.exec(s.code.slice(whole.start))?.[1];
  const text = stored ? `${stored} = ResourceExitStateContinue;` : ';';
  return [
    one('pending-loop-no-progress', 'no report', s, [over(whole, text)], loop.start),
    ...steps.filter((_x) => !stored).map((r) => one('pending-loop-no-progress', 'same check point', s, [over(r, ';')], call.start)),
  ];
}));
operator('B5 told to stop, online all the same', (dll) => dll.workerSide().flatMap(({ s, fn }) => {
  const aborts = [...s.code.slice(fn.open, fn.close).matchAll(/\b(?:return|sc\s*=)\s*(ERROR_OPERATION_ABORTED)\s*;/g)];
  const reports = dll.workers.flatMap((w) => w.s.calls(STATUS_CALL, w.fn.open, w.fn.close).slice(-1).map((c) => ({ file: w.s.path, at: c.start })));
  if (aborts.length === 0) return [];
  const last = aborts.at(-1);
  const all = aborts.map((m) => edit(fn.open + m.index + m[0].indexOf(m[1]), fn.open + m.index + m[0].indexOf(m[1]) + m[1].length, 'ERROR_SUCCESS'));
  return [
    { ...one('terminated-but-online', 'aborted is a success', s, all), anywhere: reports },
    ...(s.loops(fn.open, fn.close).some((l) => s.calls(CHECK, l.open, l.close).length > 0) ? [{ ...one('terminated-but-online', 'success after the loop', s, [all.at(-1)]), anywhere: reports, last }] : []),
  ];
}));

operator('B6 freed without a join', (dll) => dll.entries('Close').flatMap(({ s, fn }) => {
  const calls = s.calls(`${dll.prefix}Terminate`, fn.open, fn.close);
  const frees = [...s.code.slice(fn.open, fn.close).matchAll(/\b(?:LocalFree|delete)\b/g)].map((m) => fn.open + m.index);
  if (calls.length === 0 || frees.length === 0) return [];
  const joins = dll.sources.flatMap((o) => o.functions.filter((f) => f.short.startsWith('~')).flatMap((f) => o.calls('ClusWorkerTerminate', f.open, f.close).map((c) => ({ file: o.path, edit: over(o.statement(c.start), ';') }))));
  const others = joins.filter((j) => j.file !== s.path);
  const whole = s.statement(calls[0].start);
  const free = s.statement(frees.at(-1));
  return [
    { ...one('resource-freed-with-live-worker', 'no join', s, [over(whole, ';'), ...joins.filter((j) => j.file === s.path).map((j) => j.edit)], ...frees), others },
    { ...one('resource-freed-with-live-worker', 'freed first', s, [over(whole, ';'), edit(free.end, free.end, ` ${s.slice(whole)}`), ...joins.filter((j) => j.file === s.path).map((j) => j.edit)], ...frees), others },
  ];
}));

operator('B7 nobody joins', (dll) => {
  const joined = dll.sources.flatMap((s) => s.functions.filter((f) => f.short.endsWith('Terminate')).flatMap((f) => s.calls('ClusWorkerTerminate', f.open, f.close).map((c) => ({ s, c }))));
  return joined.flatMap(({ s, c }) => {
    const worker = s.slice(c.args[0]).replace(/\s/g, '').replace(/^.*(?:->|&|\.)/, '');
    const places = dll.creates.filter((o) => o.s.slice(o.call.args[0]).includes(worker)).map((o) => ({ file: o.s.path, at: o.call.start }));
    return [['removed', ';'], ['event only', 'SetEvent(MutantHandle());']].map(([what, text]) => ({ ...one('terminate-does-not-stop-worker', what, s, [over(s.statement(c.start), text)]), anywhere: places }));
  });
});
operator('B8 created again', (dll) => dll.creates.flatMap(({ s, call, fn }) => {
  const whole = s.statement(call.start);
  const worker = s.slice(call.args[0]).replace(/\s/g, '');
  const shared = new Set(dll.creates.map((c) => c.s.slice(c.call.args[0]).replace(/\s/g, '').replace(/^\W*\w+->/, ''))).size < dll.creates.length;
  const joins = s.calls('ClusWorkerTerminate', fn.open, call.start).filter((c) => s.slice(c.args[0]).replace(/\s/g, '') === worker);
  return [
    ...(shared ? joins.map((c) => one('worker-reuse-without-join', 'no join before', s, [over(s.statement(c.start), ';')], call.start)) : []),
    one('worker-reuse-without-join', 'created twice', s, [edit(whole.end, whole.end, ` MutantNote( ${s.text.slice(call.start, call.end)} );`)], whole.end),
  ];
}));
operator('B9 joins itself', (dll) => dll.workers.flatMap(({ s, fn }) => [
  inserted('worker-self-terminate', 'by its own pointer', s, fn, `if (MutantBusy()) ClusWorkerTerminate( ${fn.params[0]} );`),
  inserted('worker-self-terminate', 'with a timeout', s, fn, `if (MutantBusy() && ClusWorkerTerminateEx( ${fn.params[0]}, 1000, FALSE ) != ERROR_SUCCESS) MutantNote();`),
  inserted('worker-self-terminate', 'through Terminate', s, fn, `if (MutantBusy()) ${fn.name.includes('::') ? `static_cast<${fn.name.split('::')[0]}*>( ${fn.params[1]} )->` : dll.prefix}Terminate( ${fn.name.includes('::') ? '' : fn.params[1]} );`),
]));
operator('B10 joined under a lock', (dll) => dll.sources.flatMap((s) => s.functions.filter((f) => f.short.endsWith('Terminate')).flatMap((fn) => {
  const worker = s.functions.find((f) => dll.workerNames.includes(f.short));
  const join = s.calls('ClusWorkerTerminate', fn.open, fn.close)[0];
  if (!worker || !join || worker.open < 0) return [];
  const first = s.functions[0];
  const head = s.code.lastIndexOf('\n\n', first.nameAt);
  const whole = s.statement(join.start);
  return [['CRITICAL_SECTION', 'EnterCriticalSection', 'LeaveCriticalSection'], ['SRWLOCK', 'AcquireSRWLockExclusive', 'ReleaseSRWLockExclusive']].map(([type, take, give]) => one('join-under-lock', type, s, [
    edit(head, head, `\n\nstatic ${type} g_mutantLock;`), edit(whole.start, whole.start, `${take}( &g_mutantLock ); `), edit(whole.end, whole.end, ` ${give}( &g_mutantLock );`),
    atOpen(worker, `${take}( &g_mutantLock ); MutantNote(); ${give}( &g_mutantLock );`),
  ], join.start));
})));
operator('B11 long wait', (dll) => dll.workerSide().flatMap(({ s, fn }) => [
  ...s.calls('Sleep', fn.open, fn.close).map((c) => one('worker-long-wait', 'longer Sleep', s, [over(c.args[0], '60 * 1000')], c.start)),
  ...s.calls('WaitForSingleObject', fn.open, fn.close).map((c) => one('worker-long-wait', 'INFINITE', s, [over(c.args[1], 'INFINITE')], c.start)),
  inserted('worker-long-wait', 'one long wait', s, fn, 'WaitForSingleObject( MutantHandle(), INFINITE );'),
  inserted('worker-long-wait', 'one long Sleep', s, fn, 'Sleep( 30000 );'),
]));
operator('B12 calls to avoid', (dll) => [
  ...dll.entries('Online', 'Offline', 'IsAlive', 'Open').flatMap(({ s, fn }) => ['OnlineClusterResource( (HRESOURCE)MutantHandle() );', 'GetClusterResourceState( (HRESOURCE)MutantHandle(), NULL, NULL, NULL, NULL );', 'ResUtilGetResourceDependency( MutantHandle(), L"Disk" );']
    .map((text) => inserted('avoid-cluster-call', text, s, fn, text))),
  ...dll.workers.map(({ s, fn }) => inserted('avoid-cluster-call', 'in a worker', s, fn, 'OfflineClusterResource( (HRESOURCE)MutantHandle() );')),
]);
operator('B13 entry point blocks', (dll) => dll.entries('IsAlive', 'LooksAlive', 'Online', 'ResourceControl').flatMap(({ s, fn }) => [
  inserted('entry-point-blocks', 'sleeps', s, fn, 'Sleep( 1000 );'), inserted('entry-point-blocks', 'waits', s, fn, 'WaitForSingleObject( MutantHandle(), INFINITE );'),
]));
operator('B14 signatures of entry points', (dll) => [
  ...signatures(dll, 'entry-point-signature', ['IsAlive', 'LooksAlive'].map((r) => dll.prefix + r), [['BOOLEAN', (_s, h) => over(h.result, 'BOOLEAN')], ['void', (_s, h) => over(h.result, 'void')], ['no convention', (_s, h) => over(h.convention, '')]]),
  ...signatures(dll, 'entry-point-signature', ['Online', 'Offline'].map((r) => dll.prefix + r), [['void', (_s, h) => over(h.result, 'void')], ['one parameter more', (_s, h) => edit(h.params.at(-1).end, h.params.at(-1).end, ', DWORD more')], ['no convention', (_s, h) => over(h.convention, '')]]),
  ...dll.sources.flatMap((s) => s.calls('CLRES_V1_FUNCTION_TABLE').map((c) => one('entry-point-signature', 'version of the table', s, [over(c.args[1], 'CLRES_VERSION_V2_00')], c.start, c.args[0].start))),
  ...dll.sources.flatMap((s) => s.calls('CLRES_V1_FUNCTION_TABLE').map((c) => one('entry-point-signature', 'Arbitrate alone', s, [over(c.args[3], s.slice(c.args[5])), edit(c.start, c.start, 'DWORD WINAPI MutantArbitrate( RESID id, PQUORUM_RESOURCE_LOST lost ); ')], c.start, c.args[0].start, c.args[3].start))),
  ...dll.sources.flatMap((s) => [...s.code.matchAll(/(\w+)\.V2Functions\.(Online|Offline|Close)\s*=\s*(\w+);/g)].map((m) => one('entry-point-signature', 'empty slot', s, [edit(m.index + m[0].lastIndexOf(m[3]), m.index + m[0].length - 1, 'nullptr')], m.index, s.code.search(/\w+\.(?:TableSize|Version|V2Functions)\b/)))),
  ...dll.sources.flatMap((s) => [...s.code.matchAll(/\.(?:Version|TableSize)\s*=\s*(CLRES_\w*V2\w*);/g)].map((m) => one('entry-point-signature', 'versions mixed', s, [edit(m.index + m[0].indexOf(m[1]), m.index + m[0].length - 1, m[1].replace('V2', 'V1'))], m.index, s.code.search(/\w+\.(?:TableSize|Version|V2Functions)\b/)))),
]);
operator('B15 status from the wrong place', (dll) => {
  const callee = dll.sources.flatMap((s) => s.calls(STATUS_CALL).map((c) => /g_\w+/.exec(s.text.slice(c.start))[0]))[0];
  const ex = callee === 'g_reportStatus' ? '_EX' : '';
  return dll.entries('IsAlive', 'LooksAlive', 'Online', 'Open', 'Close', 'ResourceControl', 'Terminate').map(({ s, fn }) => inserted('status-call-site', fn.name, s, fn, `{ RESOURCE_STATUS${ex} mutantStatus = { ClusterResourceOnline }; ${callee}( (RESOURCE_HANDLE)MutantHandle(), &mutantStatus ); }`));
});
operator('B16 handle of the resource', (dll) => dll.entries('Open').flatMap(({ s, fn }) => {
  const handle = fn.params[2];
  return [`CloseHandle( ${handle} );`, `WaitForSingleObject( ${handle}, 0 );`, `CloseClusterResource( (HRESOURCE)${handle} );`, `{ HANDLE mutantCopy = NULL; DuplicateHandle( GetCurrentProcess(), ${handle}, GetCurrentProcess(), &mutantCopy, 0, FALSE, DUPLICATE_SAME_ACCESS ); }`]
    .map((text) => inserted('resource-handle-misuse', text, s, fn, text));
}));
operator('B17 storage of the worker', (dll) => dll.creates.flatMap(({ s, call }) => {
  const whole = s.statement(call.start);
  return [
    one('worker-storage-lifetime', 'local worker', s, [edit(whole.start, whole.start, 'CLUS_WORKER mutantWorker = { 0 }; '), over(call.args[0], '&mutantWorker')], call.start),
    one('worker-storage-lifetime', 'local context', s, [edit(whole.start, whole.start, 'DWORD mutantContext = 0; '), over(call.args[2], '&mutantContext')], call.start),
  ];
}));
operator('B18 timeout of a join', (dll) => dll.sources.flatMap((s) => s.calls('ClusWorkerTerminate').flatMap((c) => [
  one('join-timeout-ignored', 'Ex', s, [edit(c.start, c.end, `ClusWorkerTerminateEx( ${s.slice(c.args[0])}, 5000, FALSE )`)], c.start),
  one('join-timeout-ignored', 'several', s, [edit(c.start, c.end, `PCLUS_WORKER mutantAll[] = { ${s.slice(c.args[0])} }; ClusWorkersTerminate( mutantAll, 1, 5000, FALSE )`)], c.start),
])));
operator('B19 Open fails without an error', (dll) => dll.entries('Open').flatMap(({ s, fn }) => [
  inserted('open-null-without-lasterror', 'NULL', s, fn, `if (${fn.params[0]} == NULL) return NULL;`),
  inserted('open-null-without-lasterror', 'INVALID_HANDLE_VALUE', s, fn, `if (${fn.params[0]} == NULL) return (RESID)INVALID_HANDLE_VALUE;`),
  // One that follows a failed allocation repeats what the allocation has set.
  ...s.calls('SetLastError', fn.open, fn.close).slice(-1).map((c) => {
    const back = /\breturn\b/.exec(s.code.slice(c.end));
    return one('open-null-without-lasterror', 'not set', s, [over(s.statement(c.start), ';')], c.end + back.index);
  }),
]));
operator('B20 codes that are not handled', (dll) => dll.entries('ResourceControl').flatMap(({ s, fn }) => {
  const value = [...s.code.slice(fn.open, fn.close).matchAll(/\bERROR_INVALID_FUNCTION\b/g)].at(-1);
  if (!value) return [];
  const start = fn.open + value.index;
  const label = s.code.lastIndexOf('default', start);
  const last = s.code.lastIndexOf('return', fn.close);
  return ['ERROR_SUCCESS', 'ERROR_NOT_SUPPORTED', 'ERROR_CALL_NOT_IMPLEMENTED'].map((v) => one('control-default-code', v, s, [edit(start, start + 22, v)], start, label, last));
}));
operator('B21 Startup', (dll) => dll.sources.flatMap((s) => s.functions.filter((f) => /^\w*Startup(?:Ex)?$/.test(f.name)).flatMap((fn) => {
  const body = s.code.slice(fn.open, fn.close);
  const table = /\*\s*\w*[fF]unctionTable\w*\s*=\s*&\w+\s*;/.exec(body);
  const range = /(\w+)\s*>\s*CLRES_VERSION_\w+/.exec(body);
  const low = range && /(\w+)\s*<\s*CLRES_VERSION_\w+/.exec(body);
  const end = fn.open + body.lastIndexOf('return');
  // A Startup that hands its parameters on is told of itself.
  const exported = dll.sources.flatMap((o) => o.functions.filter((f) => /^Startup(?:Ex)?$/.test(f.name)).map((f) => ({ file: o.path, at: f.nameAt })));
  return [
    ...(table ? [one('startup-contract', 'no table', s, [edit(fn.open + table.index, fn.open + table.index + table[0].length, ';')], end)] : []),
    ...(range && low ? [one('startup-contract', 'no version', s, [edit(fn.open + range.index, fn.open + range.index + range[0].length, 'MutantBusy()'), edit(fn.open + low.index, fn.open + low.index + low[0].length, 'MutantBusy()')], fn.nameAt)] : []).map((m) => ({ ...m, anywhere: exported })),
    ...[...body.matchAll(/\bg_\w*(?:[lL]og|[sS]tatus)\w*\s*=\s*\w+(?:->\w+)?\s*;/g)].map((m) => one('startup-contract', 'callback not kept', s, [edit(fn.open + m.index, fn.open + m.index + m[0].length, ';')], fn.nameAt)),
  ];
})));
operator('B22 formats', (dll) => dll.sources.flatMap((s) => s.calls(LOG_CALL).flatMap((c) => {
  const r = c.args[2];
  const format = r && s.slice(r);
  if (!format || !/^L"/.test(format)) return [];
  const change = (what, text) => (text === format ? [] : [one('logevent-format', what, s, [over(r, text)], r.start)]);
  return [
    ...change('narrow', format.slice(1)), ...change('printf', format.replace(/%1!u!/, '%d')), ...change('a gap', format.replace(/%1!/, '%3!')), ...change('one argument more', format.replace(/"$/, ' %9!u!"')),
    ...change('too long', format.replace(/"$/, `${'x'.repeat(520)}"`)),
  ];
})));
operator('B23 CompareString', (dll) => dll.sources.flatMap((s) => [...s.code.matchAll(/\bCSTR_EQUAL\b/g)].map((m) => one('comparestring-zero', '0', s, [edit(m.index, m.index + 10, '0')], s.statement(m.index).start))));

/** Every mutant of a DLL. */
export function mutantsOf(sources) {
  const dll = new Dll(sources);
  return operators.flatMap(({ name, make }) => make(dll).map((m) => ({ ...m, operator: name })));
}
