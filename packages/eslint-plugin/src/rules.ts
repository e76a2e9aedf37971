// The rules as ESLint rules. ESLint creates every rule that is on before it walks a file, so that by the time of the walk the whole
// selection is known: the engine is asked once per file, and each rule replays the findings of its id.

import type { Finding, FindingFix, Level, Rule } from '@drvlint/core';
import { rules } from '@drvlint/rules';
import type { EngineAnswer } from './engine-worker.js';
import { findingsOf } from './engine.js';

interface EslintContext {
  cwd: string;
  filename: string;
  physicalFilename: string;
  options: Record<string, unknown>[];
  settings: { drvlint?: { level?: Level; cache?: string | false } };
  sourceCode: { text: string };
  report(descriptor: unknown): void;
}

interface Fixer { replaceTextRange(range: [number, number], text: string): unknown }

export interface EslintRule {
  meta: Record<string, unknown>;
  create(context: EslintContext): Record<string, () => void>;
}

/** What is known of a file while ESLint walks it. */
interface Walk { on: Record<string, Record<string, unknown> | null>; first: string; answer?: EngineAnswer }

const walks = new WeakMap<object, Walk>();
const PAGES = 'https://github.com/drvlint/drvlint/blob/main/rules';

export function eslintRules(): Record<string, EslintRule> {
  return Object.fromEntries(rules.map((rule) => [rule.meta.id, eslintRule(rule)]));
}

function eslintRule({ meta }: Rule): EslintRule {
  return {
    meta: {
      type: 'problem',
      docs: { description: meta.title, url: `${PAGES}/${meta.id}/README.md`, recommended: meta.presets.includes('recommended') },
      schema: meta.options ? [meta.options] : [],
      ...(meta.defaults ? { defaultOptions: [meta.defaults] } : {}),
      messages: { finding: '{{message}}' },
      languages: ['drvlint/c', 'drvlint/cpp'],
      ...(meta.fixable === 'fix' || meta.fixable === 'both' ? { fixable: 'code' } : {}),
      hasSuggestions: true,
    },
    create(context) {
      const walk = walkOf(context, meta.id);
      const given = context.options[0];
      const changed = given && Object.keys(given).length > 0 && JSON.stringify(given) !== JSON.stringify(meta.defaults ?? {});
      walk.on[meta.id] = changed ? given : null;
      return { translation_unit: () => replay(meta, walk, context) };
    },
  };
}

function walkOf({ sourceCode }: EslintContext, first: string): Walk {
  let walk = walks.get(sourceCode);
  // ESLint may walk one source twice: with the answer there, this is the next time.
  if (!walk || walk.answer) walks.set(sourceCode, walk = { on: {}, first });
  return walk;
}

function replay(meta: Rule['meta'], walk: Walk, context: EslintContext): void {
  const { findings, unusable, problems } = walk.answer ??= ask(walk, context);
  if (unusable.length > 0) throw new Error(`drvlint: ${unusable.join('; ')}`);
  if (walk.first === meta.id) for (const problem of problems) context.report({ messageId: 'finding', data: { message: problem }, loc: { line: 1, column: 0 } });
  const info = meta.level === 'info' || context.settings.drvlint?.level === 'info';
  // Read as UTF-8 although it is not: what ESLint would write back is not the file any more.
  const fixable = !context.sourceCode.text.includes('\uFFFD');
  for (const finding of findings) if (finding.rule === meta.id && !finding.suppressed && (info || finding.level !== 'info')) report(context, finding, fixable);
}

function ask(walk: Walk, { cwd, physicalFilename, sourceCode, settings }: EslintContext): EngineAnswer {
  const level = settings.drvlint?.level ?? (rules.some((r) => r.meta.level === 'info' && Object.hasOwn(walk.on, r.meta.id)) ? 'info' : undefined);
  return findingsOf({ cwd, file: physicalFilename, text: sourceCode.text, rules: walk.on, ...(level ? { level } : {}), ...(settings.drvlint?.cache === undefined ? {} : { cache: settings.drvlint.cache }) });
}

function report(context: EslintContext, finding: Finding, fixable: boolean): void {
  const own = (fix: FindingFix | undefined): fix is FindingFix => fixable && fix !== undefined && fix.edits.every((e) => e.file === finding.file);
  const apply = (fix: FindingFix) => (fixer: Fixer) => fix.edits.map((e) => fixer.replaceTextRange([e.start, e.end], e.text));
  context.report({
    messageId: 'finding',
    data: { message: finding.message },
    loc: { start: { line: finding.line, column: finding.column - 1 }, end: { line: finding.endLine, column: finding.endColumn - 1 } },
    ...(own(finding.fix) ? { fix: apply(finding.fix) } : {}),
    suggest: finding.suggestions.filter(own).map((s) => ({ desc: s.title, fix: apply(s) })),
  });
}
