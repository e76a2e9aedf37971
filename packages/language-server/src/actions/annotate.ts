// Annotations that state what was inferred about a function without any: the levels it may be called on, and how it leaves the level.

import { headStart, highest, levelNameOf, lowest, type Func, type IrqlEngine, type Need } from './inferred.js';

export interface InferredAnnotation { title: string; offset: number; text: string }

/** The annotations that fit; undefined for a function that is annotated or of which nothing is known. */
export function inferredAnnotation(engine: IrqlEngine, fn: Func, text: string): InferredAnnotation | undefined {
  const def = fn.def;
  if (!def || !engine.isAnalysed(fn) || engine.declaredOf(fn)?.text || engine.entryOf(fn).annotated) return undefined;
  const names = [...levelAnnotations(engine, fn), ...effectAnnotations(engine, fn)];
  if (names.length === 0) return undefined;
  const at = headStart(text, def.decl);
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { title: `Annotate '${fn.name}' as inferred: ${names.join(' ')}`, offset: at, text: names.map((n) => `${n}${eol}${indent}`).join('') };
}

function levelAnnotations(engine: IrqlEngine, fn: Func): string[] {
  const { scale } = engine;
  const needs = engine.needsOf(fn).filter((n: Need) => n.on === undefined && n.always && n.pre.length === 0);
  const allowed = needs.reduce((mask: number, n: Need) => (mask & n.allowed) >>> 0, scale.all);
  if (allowed === 0 || allowed === scale.all) return [];
  const names: string[] = [];
  const [low, high] = [lowest(allowed), highest(allowed)];
  // Levels without a gap only: an annotation is a range.
  if (allowed !== scale.range(low, high)) return [];
  if (low > 0) names.push(`_IRQL_requires_min_(${levelNameOf(low, scale.arch)})`);
  if (high < scale.top) names.push(`_IRQL_requires_max_(${levelNameOf(high, scale.arch)})`);
  return names;
}

function effectAnnotations(engine: IrqlEngine, fn: Func): string[] {
  const outcomes = engine.summaryOf(fn).outcomes;
  if (!outcomes) return levelAnnotations(engine, fn).length > 0 ? ['_IRQL_requires_same_'] : [];
  const masks = new Set(outcomes.map((o) => (o.level.k === 'mask' ? o.level.mask : o.level.k === 'same' ? -1 : -2)));
  const [only] = masks;
  if (masks.size !== 1 || only === -2) return [];
  if (only === -1) return ['_IRQL_requires_same_'];
  const [low, high] = [lowest(only), highest(only)];
  return low === high ? [`_IRQL_raises_(${levelNameOf(low, engine.scale.arch)})`] : [];
}
