// Places in a project's functions where a change makes an IRQL defect, and the changes: read off calls, statements and role
// declarations alone. A place says on which lines a finding about it has to stand.
import { irqlEffect, role as roleRow } from '@drvlint/wdk';

const passiveCalls = [
  'KeDelayExecutionThread(KernelMode, FALSE, NULL)', 'ZwClose(NULL)', 'KeWaitForSingleObject(NULL, Executive, KernelMode, FALSE, NULL)', 'ExAcquireFastMutex(NULL)',
];
const atDpc = {
  KeAcquireSpinLock: { name: 'KeAcquireSpinLockAtDpcLevel', args: 1 },
  KeAcquireInStackQueuedSpinLock: { name: 'KeAcquireInStackQueuedSpinLockAtDpcLevel', args: 2 },
  NdisAcquireSpinLock: { name: 'NdisDprAcquireSpinLock', args: 1 },
};
const restores = { KeReleaseSpinLock: 1, KeLowerIrql: 0, ExReleaseSpinLockExclusive: 1, ExReleaseSpinLockShared: 1, IoReleaseCancelSpinLock: 0 };

/** All places of a project; order is that of its functions. */
export function sitesOf(project) {
  const functions = project.funcs.filter((fn) => fn.def?.decl.body && fn.def.decl.notAnalysed === undefined && project.kindOf(fn.def.file) !== 'user')
    .map((fn) => new FunctionText(project, fn));
  const byFunc = new Map(functions.map((f) => [f.fn, f]));
  return functions.flatMap((f) => [...droppedReleases(f), ...underLock(f), ...inDpc(f), ...inHelper(f, byFunc), ...inRegion(f), ...inDpcBody(f), ...lastReleases(f), ...swapped(f), ...wrongRestores(f)]);
}

class FunctionText {
  constructor(project, fn) {
    this.project = project;
    this.fn = fn;
    this.file = fn.def.file;
    this.text = project.textOf(this.file.path);
    this.body = fn.def.decl.body;
    this.lists = [];
    collectLists(this.body.stmts, this.lists);
    this.calls = this.body.calls.filter((c) => c.callee.k === 'name' && this.text.startsWith(c.callee.name, c.start));
  }

  line(offset) {
    let low = 0;
    let high = this.file.lineStarts.length;
    while (high - low > 1) {
      const mid = (low + high) >> 1;
      if (this.file.lineStarts[mid] <= offset) low = mid;
      else high = mid;
    }
    return low + 1;
  }

  place(from, to = from) {
    return { file: this.file.path, from: this.line(from), to: this.line(to) };
  }

  /** `through`: a finding elsewhere counts, too, whose flow ends here: what a helper needs is told where the level is known. */
  site(kind, at, what, edits, places, through) {
    return { kind, file: this.file.path, line: this.line(at), what, edits, places, through };
  }

  slice(e) {
    return this.text.slice(e.start, e.end).replace(/\s+/g, '');
  }

  roles() {
    return this.project.rolesOf(this.fn).map((r) => roleRow(r.role)).filter((r) => r !== undefined);
  }

  /** Range of every call of a lock routine with what it does. */
  lockCalls(effect) {
    return this.calls.map((call) => ({ call, effect: irqlEffect(call.callee.name) })).filter((c) => c.effect?.effect === effect && (c.effect.spin || c.effect.changesIrql));
  }
}

/** Statement lists, innermost included. */
function collectLists(list, into) {
  into.push(list);
  for (const s of list) for (const inner of blocksOf(s)) collectLists(inner, into);
}

function blocksOf(s) {
  const found = [];
  const add = (x) => {
    if (!x) return;
    found.push(Array.isArray(x) ? x : x.k === 'block' ? x.body : [x]);
  };
  if (s.k === 'block' || s.k === 'case' || s.k === 'label') add(s.body);
  else if (s.k === 'if') { add(s.then); add(s.else); } else if (s.k === 'seh') { add(s.body); add(s.handler); add(s.finally); } else if (s.k === 'try') { add(s.body); s.catches.forEach((c) => add(c.body)); } else if (s.body && !Array.isArray(s.body)) add(s.body);
  return found;
}

function callOf(s) {
  return s.k === 'expr' && s.e.k === 'call' && s.e.callee.k === 'name' ? s.e : undefined;
}

const blank = (text) => text.replace(/[^\r\n]/g, ' ');

/** The release in front of an early return goes; the same lock is released elsewhere in the function. */
function* droppedReleases(f) {
  const releases = f.lockCalls('release').filter((r) => r.effect.spin || r.effect.changesIrql);
  if (releases.length < 2 || f.lockCalls('acquire').length === 0) return;
  for (const list of f.lists) {
    for (let i = 0; i + 1 < list.length; i++) {
      const call = callOf(list[i]);
      const release = call && releases.find((r) => r.call.start === call.start);
      if (!release || !f.text.startsWith(call.callee.name, list[i].start)) continue;
      const at = list.slice(i + 1, i + 5).findIndex((s) => s.k === 'return');
      const between = list.slice(i + 1, i + 1 + Math.max(at, 0));
      if (at < 0 || between.some((s) => s.k !== 'expr' || f.lockCalls('acquire').some((a) => a.call.start >= s.start && a.call.end <= s.end))) continue;
      const first = call.args[0] ? f.slice(call.args[0]) : '';
      if (!releases.some((r) => r.call.start !== call.start && (r.call.args[0] ? f.slice(r.call.args[0]) : '') === first)) continue;
      // Taken in this function, and not on the way between the release and another one before it.
      if (!f.lockCalls('acquire').some((a) => a.call.start < call.start && (a.call.args[0] ? f.slice(a.call.args[0]) : '') === first)) continue;
      const ret = list[i + 1 + at];
      yield f.site('drop-release', call.start, `without ${call.callee.name}`, [{ start: call.start, end: call.end, text: blank(f.text.slice(call.start, call.end)) }], [f.place(list[i].start, ret.end)]);
    }
  }
}

/** A call for PASSIVE_LEVEL right behind an acquire that is a statement. */
function* underLock(f) {
  for (const list of f.lists) {
    for (const s of list) {
      const call = callOf(s);
      const a = call && f.lockCalls('acquire').find((x) => x.call.start === call.start);
      if (!a || !a.effect.spin || a.effect.tryWhen || a.effect.variants.some((v) => v.when.kind === 'object') || !f.text.startsWith(call.callee.name, s.start) || f.text[s.end - 1] !== ';') continue;
      const text = passiveCalls[s.start % passiveCalls.length];
      yield f.site('passive-under-lock', s.end - 1, text, [{ start: s.end, end: s.end, text: ` ${text};` }], [f.place(s.end - 1)]);
    }
  }
}

/** Statements in a list and in the blocks inside of it. */
function* within(list) {
  for (const s of list) {
    yield s;
    for (const inner of blocksOf(s)) yield* within(inner);
  }
}

const plain = (f, s) => s.k === 'expr' && f.text[s.end - 1] === ';' && (s.e.k === 'assign' || callOf(s)) && !f.text.slice(s.start, s.end).includes('#');

/** A call for PASSIVE_LEVEL anywhere between an acquire and its release in one list of statements, branches and loops included. */
function* inRegion(f) {
  for (const list of f.lists) {
    for (const [i, s] of list.entries()) {
      const a = callOf(s) && f.lockCalls('acquire').find((x) => x.call.start === callOf(s).start);
      if (!a || !a.effect.spin || a.effect.tryWhen || a.effect.variants.some((v) => v.when.kind === 'object') || !a.call.args[0]) continue;
      const lock = f.slice(a.call.args[0]);
      const to = list.findIndex((x, j) => j > i && callOf(x) && f.lockCalls('release').some((r) => r.call.start === callOf(x).start && r.call.args[0] && f.slice(r.call.args[0]) === lock));
      if (to < 0) continue;
      for (const [j, one] of list.slice(i + 1, to).entries()) {
        // What follows a way to drop the lock in between is not known to be under it.
        if (f.lockCalls('release').some((r) => r.call.start >= list[i + 1].start && r.call.start < one.end)) break;
        for (const at of within([one])) {
          if (!plain(f, at) || (j === 0 && at === one)) continue;
          const text = passiveCalls[at.start % passiveCalls.length];
          yield f.site('passive-in-region', at.start, text, [{ start: at.start, end: at.start, text: `{ ${text}; ` }, { start: at.end, end: at.end, text: ' }' }], [f.place(at.start)]);
        }
      }
    }
  }
}

/** A call for PASSIVE_LEVEL in a block inside a routine that runs at DISPATCH_LEVEL. */
function* inDpcBody(f) {
  // Behind a release or lower the level is another one: a cancel routine that gave the cancel lock back.
  if (!isDpc(f) || f.calls.some((c) => /CurrentIrql/.test(c.callee.name)) || f.lockCalls('release').length > 0 || f.lockCalls('lower').length > 0) return;
  for (const outer of f.body.stmts) {
    for (const at of within(blocksOf(outer).flat())) {
      if (!plain(f, at)) continue;
      const text = passiveCalls[at.start % passiveCalls.length];
      yield f.site('passive-in-dpc-block', at.start, text, [{ start: at.start, end: at.start, text: `{ ${text}; ` }, { start: at.end, end: at.end, text: ' }' }], [f.place(at.start)]);
    }
  }
}

/** The only release of a lock goes: every way out keeps it. */
function* lastReleases(f) {
  for (const { call } of f.lockCalls('release')) {
    const first = call.args[0] && f.slice(call.args[0]);
    const own = (effect) => f.lockCalls(effect).filter((x) => x.call.args[0] && f.slice(x.call.args[0]) === first);
    if (!first || own('release').length !== 1 || own('acquire').length !== 1 || own('acquire')[0].call.start > call.start || own('acquire')[0].effect.tryWhen) continue;
    const stmt = [...within(f.body.stmts)].find((s) => s.start === call.start && callOf(s));
    if (!stmt) continue;
    yield f.site('drop-only-release', call.start, `without ${call.callee.name}`, [{ start: call.start, end: call.end, text: blank(f.text.slice(call.start, call.end)) }], [f.place(call.start, f.body.end)]);
  }
}

const isDpc = (f) => f.roles().some((r) => r.entry && r.entry.min === 2 && r.entry.max === 2);

/** A call for PASSIVE_LEVEL as the first statement of a routine that runs at DISPATCH_LEVEL. */
function* inDpc(f) {
  if (!isDpc(f)) return;
  const first = f.body.stmts.find((s) => s.k !== 'decl');
  if (!first || first.k === 'label' || f.text.slice(f.body.start, first.start).includes('#')) return;
  const text = passiveCalls[f.body.start % passiveCalls.length];
  yield f.site('passive-in-dpc', first.start, text, [{ start: first.start, end: first.start, text: `${text}; ` }], [f.place(first.start)]);
}

/** The same two calls below: in what a DPC routine's callee calls, or a callee of a statement between acquire and release. */
function* inHelper(f, byFunc) {
  const starts = [];
  if (isDpc(f)) starts.push(...f.calls.filter((c) => f.body.stmts.some((s) => s.start <= c.start && c.end <= s.end && (s.k === 'expr' || s.k === 'decl'))));
  for (const list of f.lists) {
    const at = list.findIndex((s) => { const c = callOf(s); return c && f.lockCalls('acquire').some((a) => a.call.start === c.start && a.effect.spin && !a.effect.tryWhen); });
    const to = list.findIndex((s, i) => { const c = callOf(s); return i > at && c && f.lockCalls('release').some((a) => a.call.start === c.start); });
    if (at < 0 || to < 0) continue;
    for (const s of list.slice(at + 1, to)) if (callOf(s)) starts.push(callOf(s));
  }
  for (const call of starts) {
    const middle = byFunc.get(f.project.calleeOf(call, f.fn));
    if (!middle || middle === f || middle.fn.def.decl.isVirtual) continue;
    for (const stmt of middle.body.stmts) {
      const c = callOf(stmt);
      const inner = c && byFunc.get(f.project.calleeOf(c, middle.fn));
      const first = inner?.body.stmts.find((s) => s.k !== 'decl');
      if (!inner || inner === middle || inner === f || !first || first.k === 'label' || inner.text.slice(inner.body.start, first.start).includes('#')) continue;
      const text = passiveCalls[first.start % passiveCalls.length];
      const places = [...f.calls.filter((x) => x.callee.name === call.callee.name).map((x) => f.place(x.start)), middle.place(c.start), inner.place(first.start)];
      yield { ...inner.site('passive-two-calls-below', first.start, `${text}, called from ${f.fn.name} through ${middle.fn.name}`, [{ start: first.start, end: first.start, text: `${text}; ` }], places) };
      break;
    }
  }
}

/** The variant for callers who are at DISPATCH_LEVEL already, in a function that is not. */
function* swapped(f) {
  const passive = f.roles().some((r) => r.entry && r.entry.max === 0) || f.calls.some((c) => c.callee.name === 'PAGED_CODE');
  for (const call of f.calls) {
    const to = atDpc[call.callee.name];
    if (!to || call.args.length < to.args) continue;
    const saves = call.callee.name === 'KeAcquireSpinLock';
    // Elsewhere the level is not known; what gives the change away is that nothing saves the level that the release restores.
    const into = saves ? f.slice(call.args[1]) : '';
    if (!passive && (!saves || f.calls.some((c) => c !== call && c.start < call.end && c.args.some((a) => f.slice(a) === into)))) continue;
    const args = call.args.slice(0, to.args).map((a) => f.text.slice(a.start, a.end)).join(', ').replace(/\s*\r?\n\s*/g, ' ');
    const releases = f.lockCalls('release').map((r) => r.call).filter((r) => r.start > call.start && call.args.some((a) => r.args[0] && f.slice(a) === f.slice(r.args[0])));
    const keep = f.text.slice(call.start, call.end).replace(/[^\r\n]/g, '');
    yield f.site('at-dpc-variant', call.start, to.name, [{ start: call.start, end: call.end, text: `${to.name}(${args})${keep}` }], [f.place(call.start), f.place(f.fn.def.decl.nameStart), ...releases.map((r) => f.place(r.start))], f.place(call.start));
  }
}

/** A release or lower that goes back to a level from another variable, which nothing ever saved. */
function* wrongRestores(f) {
  for (const call of f.calls) {
    const index = restores[call.callee.name];
    const arg = index === undefined ? undefined : call.args[index];
    if (!arg || arg.k !== 'name') continue;
    // The level must come from this function.
    if (!f.lockCalls('acquire').concat(f.lockCalls('raise')).some((a) => a.call.start < call.start) && !f.calls.some((c) => irqlEffect(c.callee.name)?.effect === 'raise')) continue;
    const first = f.body.start + 1;
    yield f.site('wrong-variable', call.start, `${call.callee.name} from a variable that holds no level`, [
      { start: first, end: first, text: ' KIRQL drvlintOther;' }, { start: arg.start, end: arg.end, text: 'drvlintOther' },
    ], [f.place(call.start)]);
  }
}
