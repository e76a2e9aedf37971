// What the editor tells about the place under the cursor: an annotation, a call's contract and the level there, a function, a role
// type, a lock, or just the level.

import type { Hover, Position } from 'vscode-languageserver';
import { levelAt, type CallExpr, type FunctionDecl, type LevelAt } from '@drvlint/core';
import type { FileView } from '@drvlint/project';
import { offsetAt, rangeAt } from '../positions.js';
import { ddiText, isDdi, rangeText } from './ddi-text.js';
import { functionText } from './function-text.js';
import { annotationAt, bodyAt, callAround, callAt, engineOf, functionNamed, isInComment, wordAt, type Word } from './lookup.js';
import { blocks, code, list, place, plain, type Links } from './markdown.js';
import { salText } from './sal-text.js';
import { irqlEffect, role, shortMask } from './wdk.js';

export function hoverAt(view: FileView, position: Position, links: Links): Hover | undefined {
  const { facts } = view;
  const offset = offsetAt(facts.lineStarts, facts.length, position);
  if (facts.inactive.some((r) => r.start <= offset && offset < r.end)) return undefined;
  const found = textAt(view, offset, links);
  if (!found || found.text === '') return undefined;
  const word = found.range ?? wordAt(view, offset);
  return { contents: { kind: 'markdown', value: found.text }, ...(word ? { range: rangeAt(facts.lineStarts, word.start, word.end) } : {}) };
}

interface Found { text: string; range?: { start: number; end: number } }

function textAt(view: FileView, offset: number, links: Links): Found | undefined {
  const { project, facts } = view;
  const record = annotationAt(facts, offset);
  if (record) {
    const text = salText(record.annotation, project, facts);
    return text === undefined ? undefined : { text: blocks(text, record.param ? `Parameter ${code(record.param)}.` : undefined), range: record.annotation };
  }
  if (isInComment(view, offset)) return undefined;
  const inside = bodyAt(facts, offset);
  const word = wordAt(view, offset);
  const call = inside && callAt(inside, offset);
  if (inside && call && word) return { text: callText(view, inside, call, word, links), range: word };
  const fn = word && functionNamed(view, word);
  if (word && fn) return { text: functionText(project, fn, facts, links), range: word };
  if (word && role(word.text)) return { text: roleText(word.text, view), range: word };
  if (word && !inside && isDdi(word.text)) return { text: ddiText(word.text, project.arch) ?? '', range: word };
  return inside ? { text: blocks(word && lockText(view, inside, word, links), levelText(view, offset, offset + 1, links)) } : undefined;
}

function callText(view: FileView, inside: FunctionDecl, call: CallExpr, word: Word, links: Links): string {
  const { project, facts } = view;
  const fn = functionNamed(view, word);
  const name = project.calleeName(call, facts) ?? word.text;
  const macro = fn ? undefined : project.macro(name, facts, call.start);
  const callee = fn ? functionText(project, fn, facts, links)
    : macro?.decl.params ? `Macro ${code(name)}, defined at ${place(project, macro.file.path, macro.decl.nameStart, links, facts)}`
      : ddiText(name, project.arch);
  const lock = irqlEffect(name)?.lock;
  const held = lock ? lockText(view, inside, word, links, call) : undefined;
  return blocks(callee, held, levelText(view, call.start, call.end, links));
}

/** The level at a place, why, and the locks held there. */
export function levelText(view: FileView, start: number, end: number, links: Links): string | undefined {
  const { project, facts } = view;
  const at = levelOf(view, start, end);
  if (!at) return undefined;
  const why = at.why.map((s) => `${place(project, s.file, s.start, links, facts)}: ${plain(s.text)}${s.mask !== undefined ? ` → ${code(maskText(view, s.mask))}` : ''}`);
  const locks = at.held.map((l) => `${code(l.text)} is held since ${place(project, facts.path, l.start, links, facts)} (${code(l.by)})`);
  return blocks(`**${plain(at.text)}**`, list([...why, ...locks]));
}

export function levelOf(view: FileView, start: number, end: number): LevelAt | undefined {
  const engine = engineOf(view.project);
  try {
    return engine && levelAt(engine, view.facts.path, start, end);
  } catch {
    return undefined;
  }
}

function maskText(view: FileView, mask: number): string {
  const engine = engineOf(view.project);
  return engine ? shortMask(mask, engine.scale) : '';
}

/** A lock that is held where its name stands: since when. */
function lockText(view: FileView, inside: FunctionDecl, word: Word, links: Links, near?: CallExpr): string | undefined {
  const call = near ?? callAround(inside, word.start);
  const name = call && view.project.calleeName(call, view.facts);
  const isLock = name !== undefined && irqlEffect(name)?.lock !== undefined;
  const at = isLock && call ? levelOf(view, call.start, call.end) : undefined;
  const own = at?.held.filter((l) => near !== undefined || l.text.includes(word.text)) ?? [];
  if (own.length === 0) return undefined;
  return list(own.map((l) => `${code(l.text)} was acquired at ${place(view.project, view.facts.path, l.start, links, view.facts)} by ${code(l.by)}`));
}

function roleText(name: string, view: FileView): string {
  const row = role(name)!;
  const entry = row.entry;
  const facts = [
    entry ? `runs at **${rangeText(entry.min, entry.max, view.project.arch)}**${entry.default !== undefined ? `, usually ${rangeText(entry.default, entry.default, view.project.arch)}` : ''}` : 'its level is not documented',
    row.exitSame ? 'returns at the level it was entered at' : 'may return at another level than it was entered at',
    ...Object.entries(entry?.byIndex ?? {}).slice(0, 8).map(([slot, range]) => `${code(slot)}: ${rangeText(range.min, range.max, view.project.arch)}`),
  ];
  const params = row.params.map((p) => [p.type, p.name].filter(Boolean).join(' ')).join(', ');
  return blocks(`\`\`\`c\n${row.ret ?? 'VOID'} ${row.role}(${row.paramsKnown ? params || 'VOID' : '...'})\n\`\`\``, list(facts), `Source: documentation of the callback (${row.fw}).`);
}
