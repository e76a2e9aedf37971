// B1: ERROR_IO_PENDING says that a thread has been started which will finish the operation. The paths of Online and Offline are walked
// with both outcomes of every start; project functions that start threads are walked into, unknown ones end the argument.

import { cluster, defineRule, fileOf, Protocol, type Entry, type EntryRole, type Func, type PathEnd, type RuleContext } from '@drvlint/core';

const PENDING = 997;
/** Roles that may not return ERROR_IO_PENDING and have a result to return it in. */
const OTHERS: readonly EntryRole[] = ['Open', 'LooksAlive', 'IsAlive', 'Arbitrate', 'Release', 'ResourceControl', 'ResourceTypeControl', 'Cancel', 'Startup', 'StartupEx'];

export default defineRule({
  meta: {
    id: 'pending-without-worker',
    title: 'ERROR_IO_PENDING is returned although no thread was started',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Return ERROR_IO_PENDING from Online and Offline only when a worker runs that will report the final state; otherwise return the error, or ERROR_SUCCESS when the operation is complete.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const protocol = new Protocol(model);
    const done = new Set<Func>();
    for (const entry of model.roles.entries) {
      const operation = entry.role === 'Online' || entry.role === 'Offline';
      if (done.has(entry.func) || !model.coversFunc(entry.func) || (!operation && !OTHERS.includes(entry.role))) continue;
      done.add(entry.func);
      judge(ctx, protocol, entry, operation);
    }
  },
});

function judge(ctx: RuleContext, protocol: Protocol, entry: Entry, operation: boolean): void {
  const fn = entry.func;
  const walk = protocol.explorer().walk(fn);
  if (walk.exhausted || returnsOtherType(fn)) return;
  const seen = new Set<string>();
  for (const end of walk.ends) {
    const found = operation ? ofOperation(entry, end) : ofOther(entry, end);
    if (!found || seen.has(`${end.start}${found.variant}`)) continue;
    seen.add(`${end.start}${found.variant}`);
    ctx.report({ file: fileOf(fn).path, start: end.start, end: end.end, level: found.level, variant: found.variant, message: found.message });
  }
}

/** The slot wants another type of result: that is a finding of entry-point-signature. */
function returnsOtherType(fn: Func): boolean {
  return fn.ret === undefined || /^(?:void|VOID|BOOL|BOOLEAN|bool)$/.test(fn.ret.base);
}

interface Found { level: 'error' | 'warning' | 'info'; variant: string; message: string }

function ofOperation(entry: Entry, end: PathEnd): Found | undefined {
  const known = end.state.known(end.val);
  const started = end.state.factText('started');
  const name = entry.func.name;
  if (known?.length === 1 && known[0] === PENDING && started === '') {
    return { level: 'error', variant: 'no-worker', message: `'${name}' returns ERROR_IO_PENDING on a path on which no worker was started: nobody will report the final state.` };
  }
  if (started !== 'yes' || end.state.factText('thread') !== 'worker' || end.state.factText('foreign') === '1') return undefined;
  if (known?.length === 1 && known[0] === 0) {
    return { level: 'info', variant: 'success-with-worker', message: `'${name}' returns ERROR_SUCCESS although it started a worker: the Resource Monitor takes the operation for finished and the worker's reports come too late.` };
  }
  const failed = known ? known.length > 0 && known.every((c) => c !== 0 && c !== PENDING) : end.state.excluded(end.val).includes(0) && end.state.excluded(end.val).includes(PENDING);
  if (failed) return { level: 'warning', variant: 'error-with-worker', message: `'${name}' returns an error although the worker it started still runs: call ClusWorkerTerminate first.` };
  return undefined;
}

function ofOther(entry: Entry, end: PathEnd): Found | undefined {
  const known = end.state.known(end.val);
  if (known?.length !== 1 || known[0] !== PENDING) return undefined;
  return { level: 'error', variant: 'wrong-role', message: `'${entry.func.name}' (${entry.role}) returns ERROR_IO_PENDING, which only Online and Offline may return.` };
}
