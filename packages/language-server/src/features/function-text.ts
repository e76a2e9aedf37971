// A function of the project in words: its roles and who gave them, the level it is entered on, what was inferred about it.

import { highest, lowest, type FileFacts, type Func, type IrqlEngine, type Project, type RoleOf } from '@drvlint/core';
import { rangeText } from './ddi-text.js';
import { engineOf } from './lookup.js';
import { blocks, code, list, place, plain, type Links } from './markdown.js';
import { describeMask, role as roleRow } from './wdk.js';

type Outcome = NonNullable<ReturnType<IrqlEngine['summaryOf']>['outcomes']>[number];

/** Roles of a function, each once, declared ones first. */
export function rolesOf(project: Project, fn: Func): RoleOf[] {
  const seen = new Set<string>();
  return project.rolesOf(fn).filter((r) => r.role !== '' && !seen.has(r.role) && seen.add(r.role));
}

export function functionText(project: Project, fn: Func, from: FileFacts, links: Links): string {
  const at = fn.def ?? fn.decls[0];
  const where = `${fn.def ? 'defined' : 'declared'} at ${place(project, at.file.path, at.decl.nameStart, links, from)}`;
  return blocks(`**${plain(fn.qualified)}**, ${where}`, list([...roleTexts(project, fn, from, links), ...levelTexts(project, fn, from, links)]));
}

function roleTexts(project: Project, fn: Func, from: FileFacts, links: Links): string[] {
  const texts = rolesOf(project, fn).map((r) => {
    const entry = roleRow(r.role)?.entry;
    const levels = entry ? `, runs at ${rangeText(entry.min, entry.max, project.arch)}` : '';
    return `role ${code(r.role)} (${reasonText(r)}, ${place(project, r.file.path, r.start, links, from)})${levels}`;
  });
  const registrations = project.registrationsOf(fn);
  for (const r of registrations.slice(0, 5)) {
    texts.push(`registered as ${r.role ? code(r.role) : 'a callback'} at ${place(project, r.file.path, r.start, links, from)} (${code(r.via)})${r.inside ? ` in ${code(r.inside.name)}` : ''}`);
  }
  if (registrations.length > 5) texts.push(`and at ${registrations.length - 5} more places`);
  return texts;
}

const reasons: Readonly<Record<RoleOf['reason'], string>> = {
  declaration: 'declared', 'function-class': 'by its function class', typedef: 'by its type', registration: 'by registration', name: 'by its name',
};

function reasonText(r: RoleOf): string {
  return reasons[r.reason];
}

function levelTexts(project: Project, fn: Func, from: FileFacts, links: Links): string[] {
  const engine = engineOf(project);
  if (!engine) return [];
  const texts: string[] = [];
  const entry = engine.entryOf(fn);
  if (entry.known) {
    const why = entry.why ? ` (${entry.why.file ? `[${plain(entry.why.text)}](${links.uriOf(entry.why.file)})` : plain(entry.why.text)})` : '';
    texts.push(`entered at **${describeMask(entry.mask, engine.scale)}**${entry.configurable ? ', as configured' : ''}${why}`);
  }
  const declared = engine.declaredOf(fn);
  if (declared?.allowed !== undefined && declared.text) texts.push(`declared: ${code(declared.text)}`);
  if (!engine.isAnalysed(fn)) return texts;
  for (const n of engine.needsOf(fn).filter((need) => need.on === undefined).slice(0, 3)) {
    const last = n.steps.at(-1);
    const at = last ? `, ${place(project, last.file, last.start, links, from)}` : '';
    texts.push(`inferred: ${n.always ? 'needs' : 'on some paths needs'} ${limitText(n.allowed, engine)} (${code(n.who)}${at})`);
  }
  texts.push(...effectTexts(engine, fn));
  return texts;
}

function limitText(allowed: number, { scale }: IrqlEngine): string {
  const [low, high] = [lowest(allowed), highest(allowed)];
  if (allowed === scale.range(0, high)) return `<= ${describeMask(scale.only(high), scale)}`;
  return allowed === scale.range(low, scale.top) ? `>= ${describeMask(scale.only(low), scale)}` : describeMask(allowed, scale);
}

/** How it leaves level and locks, as inferred from its body. */
function effectTexts(engine: IrqlEngine, fn: Func): string[] {
  const outcomes = engine.summaryOf(fn).outcomes;
  if (!outcomes) return ['inferred: returns at the level it was entered at'];
  const levels = new Set(outcomes.map((o) => outcomeText(engine, o)));
  return [`inferred: ${[...levels].join('; or ')}`];
}

function outcomeText(engine: IrqlEngine, o: Outcome): string {
  const level = o.level.k === 'same' ? 'returns at the level it was entered at'
    : o.level.k === 'mask' ? `returns at ${describeMask(o.level.mask, engine.scale)}`
      : o.level.k === 'from' ? 'restores a level its caller saved' : 'leaves the level unknown';
  const acquired = o.acquires.map((l) => code(l.text)).join(', ');
  const released = o.releases.map((l) => code(l.text)).join(', ');
  return [level, acquired && `holding ${acquired}`, released && `having released ${released}`].filter(Boolean).join(', ');
}
