// What the command line asks git: which files are staged and with what text, and which lines changed since a revision. Runs the
// `git` of the system with fixed arguments; file names never become options.

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { reasonOf } from '@drvlint/project';

export class GitProblem extends Error {}

function git(cwd: string, args: readonly string[], input?: string): Buffer {
  try {
    return execFileSync('git', ['-c', 'core.quotePath=false', ...args], { cwd, maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'pipe'], ...(input === undefined ? {} : { input }) });
  } catch (e) {
    const { stderr } = e as { stderr?: Buffer };
    const said = stderr?.toString('utf8').trim().split('\n')[0];
    throw new GitProblem(said ? said.replace(/^(?:fatal|error): /, '') : `git cannot be run: ${reasonOf(e)}`);
  }
}

function topOf(cwd: string): string {
  return path.resolve(git(cwd, ['rev-parse', '--show-toplevel']).toString('utf8').trimEnd());
}

function names(output: Buffer): string[] {
  return output.toString('utf8').split('\0').filter((n) => n !== '');
}

export interface Staged {
  /** Staged files, absolute. */
  files: string[];
  /** Bytes of the index for every file that is staged, or differs from the index in the working tree. Absolute paths. */
  contents: Map<string, Buffer>;
}

/** `wanted` picks files by name. */
export function staged(cwd: string, wanted: (file: string) => boolean): Staged {
  const top = topOf(cwd);
  const inIndex = names(git(top, ['diff', '--cached', '--name-only', '--diff-filter=ACMRT', '--no-renames', '-z'])).filter(wanted);
  const edited = names(git(top, ['diff', '--name-only', '-z'])).filter(wanted);
  const contents = new Map<string, Buffer>();
  for (const name of new Set([...inIndex, ...edited])) contents.set(path.join(top, name), git(top, ['cat-file', 'blob', `:${name}`]));
  return { files: inIndex.map((name) => path.join(top, name)), contents };
}

/** What the branch and the revision have in common: changes made there since are not of this branch. */
function commonBase(top: string, revision: string): string {
  let commit: string;
  try {
    commit = git(top, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).toString('utf8').trim();
  } catch {
    throw new GitProblem(`there is no revision '${revision}'`);
  }
  try {
    return git(top, ['merge-base', commit, 'HEAD']).toString('utf8').trim();
  } catch {
    // A shallow clone does not know; then the revision itself has to do.
    return commit;
  }
}

/** Changed lines per absolute path; `all` for a file that is new. */
export type Changes = Map<string, 'all' | { from: number; to: number }[]>;

export function changesSince(cwd: string, revision: string): Changes {
  const top = topOf(cwd);
  if (revision.startsWith('-')) throw new GitProblem(`'${revision}' is no revision`);
  const diff = git(top, ['diff', '--no-color', '--no-ext-diff', '--no-renames', '-U0', commonBase(top, revision), '--']).toString('utf8');
  const changes: Changes = new Map();
  let file: string | undefined;
  for (const line of diff.split('\n')) {
    const name = /^\+\+\+ (?:b\/(.*?)|\/dev\/null)\t?$/.exec(line);
    if (name) file = name[1] === undefined ? undefined : path.join(top, name[1]);
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk || file === undefined) continue;
    const from = Number(hunk[1]);
    const count = hunk[2] === undefined ? 1 : Number(hunk[2]);
    const ranges = changes.get(file);
    // A pure deletion changes the function it was in: the line before it stands for it.
    const range = { from, to: from + Math.max(count, 1) - 1 };
    if (!ranges) changes.set(file, [range]);
    else if (ranges !== 'all') ranges.push(range);
  }
  for (const name of names(git(top, ['ls-files', '--others', '--exclude-standard', '-z']))) changes.set(path.join(top, name), 'all');
  return changes;
}
