// `drvlint list`: the rules, the callbacks with their roles, the functions, or the projects of a tree.

import type { Project, Rule } from '@drvlint/core';
import { lineIndexAt, nearestWord } from '@drvlint/core';
import { UsageError, type Request } from '../arguments.js';
import { pageUrl } from '../formats/report.js';
import type { Io } from '../io.js';
import { printable, printableJson } from '../printable.js';
import { configurationsOf, runAnalysis } from '../run-analysis.js';
import path from 'node:path';

type Row = Record<string, string | number | boolean>;
const kinds = ['rules', 'roles', 'functions', 'projects'] as const;

export async function list(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const [kind, ...paths] = request.operands;
  if (!(kinds as readonly (string | undefined)[]).includes(kind)) {
    const near = kind === undefined ? undefined : nearestWord(kind, kinds);
    throw new UsageError(`list needs one of ${kinds.join(', ')}${near ? `; did you mean ${near}?` : ''}`);
  }
  const rows = kind === 'rules' ? ruleRows(request, io, rules) : await sourceRows(kind as 'roles', { ...request, operands: paths }, io);
  if (rows.length === 0) io.err(`drvlint: there are no ${kind}\n`);
  io.out(request.values.has('json') ? `${printableJson(rows)}\n` : table(rows));
  return 0;
}

function ruleRows(request: Request, io: Io, rules: readonly Rule[]): Row[] {
  const active = configurationsOf(request, rules, io).rulesFor(path.join(io.cwd, 'any.c'));
  return rules.map(({ meta }) => ({
    rule: meta.id, level: active.get(meta.id)?.level ?? 'off', family: meta.family, presets: meta.presets.join(' '), aliases: meta.aliases.filter((a) => /^C\d/.test(a)).join(' '),
    fix: meta.fixable ?? '', title: meta.title, ...(request.values.has('json') ? { url: pageUrl(meta.id) } : {}),
  }));
}

async function sourceRows(kind: 'roles' | 'functions' | 'projects', request: Request, io: Io): Promise<Row[]> {
  const rows: Row[] = [];
  const { result } = await runAnalysis(request, io, {
    rules: [], withBaseline: false,
    onProject: (project) => {
      if (kind === 'roles') rows.push(...roleRows(project));
      else if (kind === 'functions') rows.push(...functionRows(project));
    },
  });
  if (kind === 'projects') return result.projects.map((p) => ({ project: p.name, kind: p.kind, files: p.files, functions: p.functions, why: p.why }));
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = JSON.stringify(row);
    return !seen.has(key) && seen.add(key);
  });
}

function roleRows(project: Project): Row[] {
  return project.funcs.flatMap((fn) => {
    const { def } = fn;
    if (!def) return [];
    const line = lineIndexAt(def.file.lineStarts, def.decl.nameStart) + 1;
    return project.rolesOf(fn).map((r) => ({
      function: fn.qualified, role: r.role, because: r.reason, file: def.file.path, line, at: `${r.file.path}:${lineIndexAt(r.file.lineStarts, r.start) + 1}`,
    }));
  });
}

function functionRows(project: Project): Row[] {
  return project.funcs.flatMap((fn) => {
    const { def } = fn;
    if (!def) return [];
    const section = project.sectionOf(fn);
    const role = project.rolesOf(fn)[0];
    return [{
      function: fn.qualified, file: def.file.path, line: lineIndexAt(def.file.lineStarts, def.decl.nameStart) + 1, role: role?.role ?? '', section: section?.name ?? '',
      analysed: def.decl.notAnalysed === undefined,
    }];
  });
}


function table(rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const keys = Object.keys(rows[0]);
  const cells = [keys, ...rows.map((row) => keys.map((key) => printable(String(row[key] ?? ''))))];
  const widths = keys.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  return cells.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()}\n`).join('');
}
