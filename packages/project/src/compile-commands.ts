// Reads a compilation database (compile_commands.json): which files, with which defines, include folders and forced includes.
// Understands the spellings of cl, clang-cl, clang and gcc; other flags are ignored.

import fs from 'node:fs';
import path from 'node:path';
import type { Directories } from './directory.js';
import { sourceKind } from './file-kinds.js';
import type { PlanUnit, UnitSettings } from './plan-types.js';
import { reasonOf, type FileProblem } from './problems.js';

export function readCompileCommands(file: string, directories: Directories): { units: PlanUnit[]; problems: FileProblem[] } {
  let entries: unknown;
  try {
    entries = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (e) {
    return { units: [], problems: [{ file, reason: `cannot be read as a compilation database: ${reasonOf(e)}` }] };
  }
  if (!Array.isArray(entries)) return { units: [], problems: [{ file, reason: 'is no compilation database: not a list' }] };
  const units = new Map<string, PlanUnit>();
  for (const entry of entries as Record<string, unknown>[]) {
    if (typeof entry?.file !== 'string') continue;
    const folder = path.resolve(path.dirname(file), typeof entry.directory === 'string' ? entry.directory : '.');
    const source = directories.findFile(path.resolve(folder, entry.file));
    if (source === undefined || sourceKind(source) !== 'unit' || units.has(source)) continue;
    const args = Array.isArray(entry.arguments) ? entry.arguments.filter((a) => typeof a === 'string')
      : typeof entry.command === 'string' ? splitCommand(entry.command) : [];
    units.set(source, { file: source, settings: settingsOf(args, folder) });
  }
  return { units: [...units.values()], problems: [] };
}

/** Splits as a shell does: blanks separate, quotes group, a backslash escapes a quote or (outside quotes) a blank. */
export function splitCommand(command: string): string[] {
  const parts = [...command.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\[\s"'\\]|[^\s"'])+/g)].map((m) => m[0]);
  return parts.map((part) => part.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\([\s"'])/g,
    (_, double?: string, single?: string, escaped?: string) => double?.replace(/\\(["\\])/g, '$1') ?? single ?? escaped ?? ''));
}

function settingsOf(args: readonly string[], folder: string): UnitSettings {
  const defines: Record<string, string> = {};
  const undefines: string[] = [];
  const includeDirs: string[] = [];
  const forcedIncludes: string[] = [];
  let language: 'c' | 'cpp' | undefined;
  for (let i = 0; i < args.length; i++) {
    const flag = /^(?:(-D|\/D)|(-U|\/U)|(-isystem|-iquote|-I|\/I|\/external:I)|(-include|\/FI|-FI))(?:=?(.*))$/s.exec(args[i]);
    if (flag) {
      const value = flag[5] !== '' ? flag[5] : args[++i] ?? '';
      if (flag[1]) addDefine(defines, value);
      else if (flag[2]) undefines.push(value);
      else if (flag[3]) includeDirs.push(path.resolve(folder, value));
      else forcedIncludes.push(value);
    } else if (/^[-/]TP$/.test(args[i]) || args[i] === '-xc++') language = 'cpp';
    else if (/^[-/]TC$/.test(args[i]) || args[i] === '-xc') language = 'c';
  }
  return { defines, undefines, includeDirs, forcedIncludes, ...(language ? { language } : {}) };
}

function addDefine(defines: Record<string, string>, text: string): void {
  const equals = text.indexOf('=');
  if (equals < 0) defines[text] = '1';
  else defines[text.slice(0, equals)] = text.slice(equals + 1);
}
