// Files that actions of a build system take and leave: lists of operands in a file, descriptions of projects, outputs that keep their
// time when they stay the same, so that nothing that depends on them is made again.

import fs from 'node:fs';
import path from 'node:path';
import { descriptionProblem, reasonOf, type ProjectDescription } from '@drvlint/project';
import { UsageError, type Request } from './arguments.js';
import type { Io } from './io.js';
import { Failure } from './run-analysis.js';
import { writeWhole } from './write-file.js';

/** `@FILE` stands for the words in the file, which may be quoted as for a shell. */
export function withResponseFiles(operands: readonly string[], io: Io): string[] {
  return operands.flatMap((operand) => {
    if (!operand.startsWith('@')) return [operand];
    const words = readInput(operand.slice(1), io).toString('utf8').match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? [];
    return words.map((word) => word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, single?: string) => quoted ?? single ?? ''));
  });
}

export function readInput(file: string, io: Io): Buffer {
  try {
    return fs.readFileSync(path.resolve(io.cwd, file));
  } catch (e) {
    throw new Failure([`${file}: cannot be read: ${reasonOf(e)}`]);
  }
}

/** Leaves a file alone that holds this already. */
export function writeOutput(file: string, data: string | Uint8Array, io: Io): void {
  const target = path.resolve(io.cwd, file);
  try {
    if (fs.existsSync(target) && fs.readFileSync(target).equals(Buffer.from(data))) return;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    writeWhole(target, data);
  } catch (e) {
    throw new Failure([`${file}: cannot be written: ${reasonOf(e)}`]);
  }
}

/** The one file of `--output`. */
export function outputOf(request: Request, command: string): string {
  const files = request.values.get('output') ?? [];
  if (files.length !== 1) throw new UsageError(`${command} needs one --output FILE`);
  return files[0];
}

/** What `--project` names; undefined without it. */
export function projectOf(request: Request, io: Io): ProjectDescription | undefined {
  const file = request.values.get('project')?.[0];
  if (file === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readInput(file, io).toString('utf8'));
  } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    throw new Failure([`${file}: is no JSON`]);
  }
  const problem = descriptionProblem(value);
  if (problem !== undefined) throw new Failure([`${file}: ${problem}`]);
  return value as ProjectDescription;
}

/** What an output was made of, as a rule for make or ninja. */
export function depfile(output: string, inputs: readonly string[]): string {
  const escaped = (file: string): string => file.replace(/[ #\\]/g, (c) => `\\${c}`).replaceAll('$', () => '$$');
  return `${escaped(output)}:${inputs.map((f) => ` ${escaped(f)}`).join('')}\n`;
}
