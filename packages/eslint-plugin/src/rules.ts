// The rules as ESLint rules: each replays the engine's findings of its id for the file.

import type { Finding, FindingFix, Level, Rule } from '@drvlint/core';
import { rules } from '@drvlint/rules';
import { findingsOf } from './engine.js';

interface EslintContext {
  cwd: string;
  filename: string;
  physicalFilename: string;
  options: Record<string, unknown>[];
  settings: { drvlint?: { level?: Level } };
  sourceCode: { text: string };
  report(descriptor: unknown): void;
}

interface Fixer { replaceTextRange(range: [number, number], text: string): unknown }

export interface EslintRule {
  meta: Record<string, unknown>;
  create(context: EslintContext): Record<string, () => void>;
}

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
      return { translation_unit: () => replay(meta.id, meta.defaults, context) };
    },
  };
}

function replay(id: string, defaults: Record<string, unknown> | undefined, context: EslintContext): void {
  const given = context.options[0];
  const changed = given && Object.keys(given).length > 0 && JSON.stringify(given) !== JSON.stringify(defaults ?? {});
  const { findings, problems } = findingsOf({
    cwd: context.cwd, file: context.physicalFilename, text: context.sourceCode.text, level: context.settings.drvlint?.level ?? 'warning',
    ...(changed ? { rule: { id, options: given } } : {}),
  });
  if (problems.length > 0) throw new Error(`drvlint could not analyse all of the project: ${problems.join('; ')}`);
  for (const finding of findings) if (finding.rule === id && !finding.suppressed) report(context, finding);
}

function report(context: EslintContext, finding: Finding): void {
  const own = (fix: FindingFix | undefined): fix is FindingFix => fix !== undefined && fix.edits.every((e) => e.file === finding.file);
  const apply = (fix: FindingFix) => (fixer: Fixer) => fix.edits.map((e) => fixer.replaceTextRange([e.start, e.end], e.text));
  context.report({
    messageId: 'finding',
    data: { message: finding.message },
    loc: { start: { line: finding.line, column: finding.column - 1 }, end: { line: finding.endLine, column: finding.endColumn - 1 } },
    ...(own(finding.fix) ? { fix: apply(finding.fix) } : {}),
    suggest: finding.suggestions.filter(own).map((s) => ({ desc: s.title, fix: apply(s) })),
  });
}
