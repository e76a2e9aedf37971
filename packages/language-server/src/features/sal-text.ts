// What annotations mean, one sentence per statement.

import { levelName, levelOf } from '@drvlint/wdk';
import { readAnnotation, salEnv, type Annotation, type FileFacts, type Project, type Sal } from '@drvlint/core';
import { code, list } from './markdown.js';

type Speak = (s: Sal, level: string, lock: string) => string;

const meanings: Partial<Record<Sal['kind'], Speak>> = {
  'irql-requires': (_, level) => `callers must be at ${level}`,
  'irql-max': (_, level) => `callers must be at ${level} or below`,
  'irql-min': (_, level) => `callers must be at ${level} or above`,
  'irql-same': () => 'it returns at the level it was entered at',
  'irql-raises': (_, level) => `it returns at ${level}`,
  'irql-saves': () => 'it saves the level from before the call here',
  'irql-restores': () => 'it restores the level that stands here',
  'irql-saves-global': (s) => `it saves the level from before in ${code(s.args[1]?.text ?? 'a global place')}`,
  'irql-restores-global': (s) => `it restores the level that stands in ${code(s.args[1]?.text ?? 'a global place')}`,
  'irql-always-max': (_, level) => `it never runs above ${level}`,
  'irql-always-min': (_, level) => `it never runs below ${level}`,
  'irql-limited': (_, level) => `it is used at ${level} and below only`,
  'irql-uses-cancel': () => 'the level is that of the cancel spin lock',
  'irql-is-cancel': () => 'the level is that of the cancel spin lock, saved in the IRP',
  'lock-acquires': (_, __, lock) => `it acquires ${lock} and returns with it held`,
  'lock-releases': (_, __, lock) => `it releases ${lock}, which its caller holds`,
  'lock-held': (_, __, lock) => `callers must hold ${lock}`,
  'lock-not-held': (_, __, lock) => `callers must not hold ${lock}`,
  'lock-none-held': () => 'callers must hold no lock of that kind',
  'lock-guards': (_, __, lock) => `what it stands on may be touched only while ${lock} is held`,
  'function-class': (s) => `it is a ${code(s.args[0]?.text ?? '')} callback`,
  'dispatch-type': (s) => `it handles ${code(s.args[0]?.text ?? '')}`,
  'must-inspect': () => 'its result must be looked at',
  'use-decl': () => 'the annotations of its declaration hold',
  'clear-do-init': (s) => `${/no/i.test(s.args[0]?.text ?? '') ? 'it does not clear' : 'it clears'} DO_DEVICE_INITIALIZING`,
  'strict-type': (s) => `it takes values of ${code(s.args[0]?.text ?? '')} only`,
  'float-saved': () => 'it saves the floating-point state',
  'float-restored': () => 'it restores the floating-point state',
  'float-used': () => 'it uses floating point',
  noreturn: () => 'it does not return',
  return: () => 'it tells about the result',
};

/** Sentences for an annotation; undefined when nothing is known of it. */
export function salText(annotation: Annotation, project: Project, file: FileFacts): string | undefined {
  const { items, problems } = readAnnotation(annotation, salEnv(project, file));
  const sentences = items.map((s) => sentence(s, project, file)).filter((s) => s !== undefined);
  for (const p of problems) sentences.push(`${code(p.name)} cannot be read: ${p.detail}`);
  if (sentences.length === 0) return annotation.kind === 'sal' ? undefined : `${code(annotation.name)}: ${kinds[annotation.kind] ?? 'a decoration'} of the declaration`;
  return `${code(annotation.name)}\n\n${list(sentences)}`;
}

const kinds: Partial<Record<Annotation['kind'], string>> = { callconv: 'the calling convention', declspec: 'an attribute' };

function sentence(s: Sal, project: Project, file: FileFacts): string | undefined {
  const speak = s.kind === 'param' ? undefined : meanings[s.kind];
  const said = s.kind === 'param' ? parameterText(s) : speak?.(s, levelText(s, project, file), s.lock ? code(s.lock.text) : 'the lock it stands on');
  if (said === undefined) return undefined;
  const when = s.when.map((w) => code(w.text.trim())).join(' and ');
  const at = s.at ? `for ${code(s.at.text.trim())}: ` : '';
  return `${at}${said}${when ? ` when ${when}` : ''}${s.state === 'failure' ? ' if it fails' : ''}`;
}

function parameterText(s: Sal): string | undefined {
  if (s.bare || !s.dir) return undefined;
  const direction = { in: 'is read', out: 'is written', inout: 'is read and written' }[s.dir];
  return `the argument ${direction}${s.optional ? ' and may be NULL' : ''}`;
}

function levelText(s: Sal, project: Project, file: FileFacts): string {
  if (!s.level) return 'that level';
  const value = levelOf(s.level.text.trim(), project.arch) ?? (s.level.e && project.valueOf(s.level.e, file));
  return value === undefined ? code(s.level.text) : `${levelName(value, project.arch)}${/^\w+_LEVEL$/.test(s.level.text.trim()) ? ` (${value})` : ''}`;
}
