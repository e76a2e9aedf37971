// Adding one finding to the baseline the configuration names, or to a new one that the configuration then names.

import fs from 'node:fs';
import path from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { createBaseline, lineTable, parseBaseline, type Baseline, type Finding } from '@drvlint/core';
import { configName, type Configurations } from '@drvlint/project';
import { positionAt } from '../positions.js';

export const defaultBaseline = 'drvlint-baseline.json';

/** A whole text that a file is to have. */
interface NewText { file: string; text: string; before: string | undefined }

export interface BaselineTarget { configurations: Configurations; cwd: string; uriOf(path: string): string }

/** The edit; a problem in words when the baseline there cannot be added to. */
export function baselineEdit(finding: Finding, target: BaselineTarget): WorkspaceEdit | string {
  const named = target.configurations.baselineFor(target.cwd);
  const file = named ?? path.join(target.cwd, defaultBaseline);
  const before = read(file);
  const known = before === undefined ? createBaseline([]) : parseBaseline(before);
  if ('error' in known) return `${path.basename(file)} ${known.error}`;
  const [entry] = createBaseline([{ ...finding, suppressed: undefined }]).findings;
  const baseline: Baseline = { ...known, findings: [...known.findings, entry].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)) };
  const texts: NewText[] = [{ file, text: `${JSON.stringify(baseline, undefined, 2)}\n`, before }];
  if (named === undefined) texts.push(namedInConfiguration(target));
  return { documentChanges: texts.flatMap((t) => changesOf(t, target)) };
}

function namedInConfiguration({ configurations, cwd }: BaselineTarget): NewText {
  const file = configurations.chain(cwd).at(-1)?.file ?? path.join(cwd, configName);
  const before = read(file);
  const value = path.relative(path.dirname(file), path.join(cwd, defaultBaseline)).split(path.sep).join('/');
  const options = { formattingOptions: { insertSpaces: true, tabSize: 2 } };
  return { file, before, text: before === undefined ? `${JSON.stringify({ baseline: value }, undefined, 2)}\n` : applyEdits(before, modify(before, ['baseline'], value, options)) };
}

function changesOf({ file, text, before }: NewText, target: BaselineTarget): NonNullable<WorkspaceEdit['documentChanges']> {
  const uri = target.uriOf(file);
  const lines = lineTable(before ?? '');
  const edits: TextEdit[] = [{ range: { start: { line: 0, character: 0 }, end: positionAt(lines, before?.length ?? 0) }, newText: text }];
  return [...(before === undefined ? [{ kind: 'create' as const, uri, options: { ignoreIfExists: true } }] : []), { textDocument: { uri, version: null }, edits }];
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
