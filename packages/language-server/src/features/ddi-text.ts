// A DDI's contract in words: on which levels it may be called, under which conditions, what it does to the level, where that is known from.

import { ddi, describeMask, irqlEffect, scaleOf, type Arch, type ArgTest, type Ddi, type DdiCondition, type IrqlEffect, type Target } from './wdk.js';
import { code, list, plain } from './markdown.js';

/** Level range as text: `<= DISPATCH_LEVEL`, `any level`. */
export function rangeText(min: number, max: number, arch: Arch): string {
  const scale = scaleOf(arch);
  const name = (level: number): string => describeMask(scale.known(level, level), scale);
  if (min <= 0 && max >= 15) return 'any level';
  if (min === max) return name(min);
  if (min <= 0) return `<= ${name(max)}`;
  if (max >= 15) return `>= ${name(min)}`;
  return `${name(min)}..${name(max)}`;
}

export function isDdi(name: string): boolean {
  return ddi(name) !== undefined || irqlEffect(name) !== undefined;
}

/** Sections of a hover on a DDI's name. */
export function ddiText(name: string, arch: Arch): string | undefined {
  const row = ddi(name);
  const effect = irqlEffect(name);
  if (!row && !effect) return undefined;
  const facts: string[] = [];
  if (row) facts.push(`IRQL: ${row.irqlKnown ? `**${rangeText(row.min, row.max, arch)}**` : 'not documented'}${doubt(row, arch)}`);
  else if (effect) facts.push(`IRQL: **${rangeText(effect.requires.min, effect.requires.max, arch)}**`);
  for (const c of row?.conditional ?? []) facts.push(conditionText(c, row, arch));
  if (effect) facts.push(...effectText(effect, row, arch));
  if (row?.mustCheck) facts.push('its result must be looked at');
  if (row?.umdfOnly) facts.push('user-mode drivers only');
  return [`\`\`\`c\n${prototype(name, row)}\n\`\`\``, list(facts), `Source: documentation of the DDI (${row?.fw ?? 'wdm'})${effect ? ', table of IRQL effects' : ''}.`].join('\n\n');
}

function prototype(name: string, row: Ddi | undefined): string {
  if (!row) return name;
  const params = row.params.map((p) => [p.type, p.name].filter(Boolean).join(' '));
  if (row.variadic) params.push('...');
  const list = row.paramsKnown ? params.join(', ') || 'VOID' : '...';
  return `${row.ret ? `${row.ret} ` : ''}${name}(${list})`;
}

function doubt(row: Ddi, arch: Arch): string {
  const notes: string[] = [];
  if (row.altMax !== undefined) notes.push(`another source says ${rangeText(0, row.altMax, arch)}`);
  if (row.minSuspect) notes.push('the minimum is doubtful');
  return notes.length > 0 ? ` (${notes.join('; ')})` : '';
}

function conditionText(c: DdiCondition, row: Ddi | undefined, arch: Arch): string {
  const range = rangeText(c.min ?? 0, c.max ?? 15, arch);
  return `**${range}** when ${whenText(c, row)}`;
}

export function whenText(c: DdiCondition, row: Ddi | undefined): string {
  if (c.when.is === 'state') return plain(c.when.text);
  const names = c.param?.split('|') ?? c.args.map((i) => row?.params[i]?.name ?? `argument ${i + 1}`);
  return `${names.map(code).join(' or ')} ${testText(c.when)}`;
}

function testText(test: ArgTest): string {
  switch (test.is) {
    case 'null': return 'is NULL';
    case 'non-null': return 'is not NULL';
    case 'true': return 'is not zero';
    case 'false': return 'is zero';
    case 'pointee-zero': return 'points to zero';
    case 'null-or-pointee-nonzero': return 'is NULL or points to something other than zero';
    case 'memory-pageable': return 'is pageable memory';
    case 'memory-nonpaged': return 'is nonpaged memory';
    case 'format-unicode': return 'has a Unicode conversion';
    case 'eq': return `is ${code(test.symbol)}`;
    case 'ne': return `is not ${code(test.symbol)}`;
    case 'has-flag': return `has ${code(test.symbol)}`;
    case 'no-flag': return `lacks ${code(test.symbol)}`;
  }
}

function effectText(e: IrqlEffect, row: Ddi | undefined, arch: Arch): string[] {
  const argument = (i: number): string => code(row?.params[i]?.name ?? `argument ${i + 1}`);
  const text: string[] = [];
  const to = e.to !== undefined && e.changesIrql ? targetText(e.to, argument, arch) : undefined;
  if (e.effect === 'raise') text.push(`raises the level to ${to ?? 'a level given'}`);
  else if (e.effect === 'lower') text.push(`lowers the level${e.restores ? '' : to ? ` to ${to}` : ''}`);
  else if (e.effect === 'acquire') text.push(`acquires a lock${to ? ` and raises the level to ${to}` : ', the level stays'}`);
  else if (e.effect === 'release') text.push(`releases a lock${e.changesIrql ? ' and goes back to the level from before' : ', the level stays'}`);
  else if (e.effect === 'callback' && e.callbackArg !== undefined) text.push(`runs ${argument(e.callbackArg)}${to ? ` at ${to}` : ''}`);
  else if (e.effect === 'conditional-raise') text.push(`may raise the level${to ? ` to ${to}` : ''} until the next wait`);
  if (e.saves?.kind === 'arg') text.push(`saves the level from before in ${argument(e.saves.index)}`);
  else if (e.saves?.kind === 'return') text.push('returns the level from before');
  else if (e.saves?.kind === 'handle' || e.saves?.kind === 'lock') text.push(`keeps the level from before in ${argument(e.saves.index)}`);
  if (e.restores?.kind === 'arg') text.push(`restores the level in ${argument(e.restores.index)}`);
  if (e.tryWhen) text.push(`only when its result is ${e.tryWhen.when === 'nonzero' ? 'not zero' : 'a success'}`);
  if (e.blocks) text.push('blocks the thread');
  if (e.pairsWith.length > 0) text.push(`goes with ${e.pairsWith.slice(0, 4).map(code).join(', ')}`);
  return text;
}

function targetText(to: Target, argument: (i: number) => string, arch: Arch): string {
  if (typeof to === 'number') return rangeText(to, to, arch);
  if (typeof to === 'string') return to === 'caller' ? 'the level of the caller' : to;
  return `the level in ${argument(to.arg)}`;
}
