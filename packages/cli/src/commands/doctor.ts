// `drvlint doctor`: whether everything drvlint needs is there and in order.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createParser, type Rule } from '@drvlint/core';
import { displayPath } from '@drvlint/project';
import type { Request } from '../arguments.js';
import type { Io } from '../io.js';
import { configurationsOf, problemText } from '../run-analysis.js';
import { version } from '../version.js';

interface Finding { good: boolean | 'note'; text: string }

export async function doctor(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const findings = [node(), await parser(), ...configuration(request, io, rules), git(), ...editor(io)];
  io.out(`drvlint ${version}, ${rules.length} rules\n`);
  for (const { good, text } of findings) io.out(`${good === true ? 'ok  ' : good === 'note' ? 'note' : 'BAD '}  ${text}\n`);
  return findings.some((f) => f.good === false) ? 2 : 0;
}

function node(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return { good: major > 20 || (major === 20 && minor >= 19), text: `Node.js ${process.versions.node} (20.19 or newer is needed) on ${process.platform} ${process.arch}` };
}

async function parser(): Promise<Finding> {
  try {
    const { backend } = await createParser();
    return backend === 'kernel' ? { good: true, text: 'parser: the WebAssembly kernel loads' } : { good: 'note', text: `parser: ${backend} tree-sitter; the WebAssembly kernel does not load here, runs are slower` };
  } catch (e) {
    return { good: false, text: `no parser loads: ${(e as Error).message}` };
  }
}

function configuration(request: Request, io: Io, rules: readonly Rule[]): Finding[] {
  const configurations = configurationsOf(request, rules, io);
  const chain = configurations.chain(io.cwd);
  const problems = configurations.problems.map((p): Finding => ({ good: false, text: `configuration: ${problemText(p, io.cwd)}` }));
  if (problems.length > 0) return problems;
  const files = chain.map((c) => displayPath(io.cwd, c.file)).join(', ');
  return [{ good: true, text: `configuration: ${files || 'none, defaults hold'}; ${configurations.rulesFor(path.join(io.cwd, 'any.c')).size} rules are on` }];
}

function git(): Finding {
  try {
    return { good: true, text: execFileSync('git', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() };
  } catch {
    return { good: 'note', text: 'git is not there: --staged and --since cannot work' };
  }
}

/** VS Code's ESLint extension looks at C files only when it is told to. */
function editor(io: Io): Finding[] {
  const eslint = ['eslint.config.js', 'eslint.config.mjs', 'eslint.config.ts'].find((f) => fs.existsSync(path.join(io.cwd, f)));
  if (eslint === undefined || !fs.readFileSync(path.join(io.cwd, eslint), 'utf8').includes('drvlint')) return [];
  const settings = path.join(io.cwd, '.vscode/settings.json');
  const validates = fs.existsSync(settings) && /"eslint\.validate"[\s\S]*?"c"/.test(fs.readFileSync(settings, 'utf8'));
  return [validates ? { good: true, text: `${eslint} uses drvlint and VS Code validates C` } : { good: 'note', text: `${eslint} uses drvlint; for VS Code set "eslint.validate": ["c", "cpp"] in .vscode/settings.json` }];
}
