// Events as reports: level, position, flow. The words are the rules' own.

import type { Project } from '../model/project.js';
import type { FlowStep, Level, Related, Report } from './kit.js';
import { lineIndexAt } from '../source/text.js';
import type { EventStep, IrqlEvent } from '../analyses/irql/events.js';
import { describeMask, highest, lowest, scaleOf, shortMask, type Mask } from '../analyses/irql/levels.js';

export interface IrqlWords {
  /** `DISPATCH_LEVEL`, `PASSIVE_LEVEL..APC_LEVEL`. */
  levels(mask: Mask): string;
  /** The highest level of a set by name. */
  top(mask: Mask): string;
  bottom(mask: Mask): string;
  /** `DISPATCH_LEVEL`, `DIRQL`, `at least APC_LEVEL`: a set by its lower end. */
  atLeast(mask: Mask): string;
  atMost(mask: Mask): string;
  /** ` (KeAcquireSpinLock, line 12)`: where the level was last set; empty when that is the entry of the function. */
  since(e: IrqlEvent): string;
  /** `line 12`, with the file when it is another one. */
  place(at: { file: string; start: number }, from: string): string;
}

const made = new WeakMap<Project, IrqlWords>();

/** Made once per project: a dozen rules ask for them at every function. */
export function irqlWords(project: Project): IrqlWords {
  let words = made.get(project);
  if (!words) made.set(project, words = wordsOf(project));
  return words;
}

function wordsOf(project: Project): IrqlWords {
  const scale = scaleOf(project.arch);
  const place = (at: { file: string; start: number }, from: string): string => {
    const lines = project.fileOf(at.file)?.lineStarts;
    const line = lines ? lineIndexAt(lines, at.start) + 1 : 0;
    return at.file === from ? `line ${line}` : `${at.file.slice(at.file.lastIndexOf('/') + 1)}:${line}`;
  };
  const end = (m: Mask, word: string, level: number): string =>
    (m === scale.device || lowest(m) === highest(m) ? describeMask(m, scale) : `${word} ${describeMask(scale.only(level), scale)}`);
  return {
    levels: (m) => describeMask(m, scale),
    top: (m) => describeMask(scale.only(highest(m)), scale),
    bottom: (m) => describeMask(scale.only(lowest(m)), scale),
    atLeast: (m) => end(m, 'at least', lowest(m)),
    atMost: (m) => end(m, 'at most', highest(m)),
    place,
    since: (e) => {
      const set = lastChange(e);
      return set ? ` (${set.text}, ${place(set, e.file)})` : '';
    },
  };
}

/** The step of the flow that set the level the event is about. */
function lastChange(e: IrqlEvent): EventStep | undefined {
  const at = e.flow.findIndex((s) => s.file === e.file && s.start === e.start && s.end === e.end);
  const before = e.flow.slice(0, at < 0 ? e.flow.length : at).filter((s) => s.mask !== undefined);
  return before.at(-1);
}

const levels: Readonly<Record<IrqlEvent['certainty'], Level>> = { sure: 'error', likely: 'warning', doubtful: 'info' };

/** Report of an event without its message. `top` is the rule's own level: a finding is never above it. */
export function irqlReport(project: Project, e: IrqlEvent, message: string, top: Level = 'error'): Report {
  const scale = scaleOf(project.arch);
  const flow = e.flow.map((s): FlowStep => ({ file: s.file, start: s.start, end: s.end, message: s.text, ...(s.mask !== undefined && { irql: shortMask(s.mask, scale) }) }));
  const order: Level[] = ['error', 'warning', 'info'];
  const level = order[Math.max(order.indexOf(levels[e.certainty]), order.indexOf(top))]!;
  const at = 'at' in e ? e.at : undefined;
  const related: Related[] = at && at.text !== '' ? [{ file: at.file, start: at.start, end: at.end, message: at.text }] : [];
  if (e.kind === 'lock') for (const o of e.others ?? []) related.push({ file: e.file, ...o, message: 'it is still held here, too' });
  return { file: e.file, start: e.start, end: e.end, message, level, function: e.func.name, flow, related };
}
