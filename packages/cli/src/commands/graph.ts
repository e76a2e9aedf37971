// `drvlint graph`: the projects of a folder as descriptions, and with `--ninja` the actions on them for ninja.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rule } from '@drvlint/core';
import { describeProjects, displayPath, ninjaFile, projectFolders } from '@drvlint/project';
import { depfile, writeOutput } from '../action-files.js';
import type { Request } from '../arguments.js';
import type { Io } from '../io.js';
import { options } from '../options.js';
import { printable } from '../printable.js';
import { configurationsOf, Failure } from '../run-analysis.js';

const DEFAULT = 'drvlint-graph/build.ninja';
/** What decides about findings and not about facts. */
const REPORT_OPTIONS = ['preset', 'rule', 'only', 'level', 'config', 'no-config', 'baseline', 'no-baseline'];
const COUNT_OPTIONS = ['fail-on', 'max-warnings'];
/** What decides about the graph. */
const OWN_OPTIONS = ['ninja', 'output', 'define', 'undefine', 'arch', 'configuration'];

export async function graph(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const configurations = configurationsOf(request, rules, io);
  const { projects, inputs, problems } = await describeProjects(io.cwd, request.operands.length > 0 ? request.operands : ['.'], configurations);
  if (configurations.problems.length > 0) throw new Failure(configurations.problems.map((p) => `${displayPath(io.cwd, p.file)}: ${p.reason}`));
  if (projects.length === 0) throw new Failure([...problems.map((p) => `${p.file}: ${p.reason}`), 'there is nothing to analyse']);
  const output = request.values.get('output')?.[0] ?? DEFAULT;
  const folder = displayPath(io.cwd, path.dirname(path.resolve(io.cwd, output))) || '.';
  const placed = projectFolders(projects, folder);
  for (const { description, folder: own } of placed) writeOutput(`${own}/project.json`, `${JSON.stringify(description, undefined, 1)}\n`, io);
  if (request.values.has('ninja')) {
    const made = displayPath(io.cwd, path.resolve(io.cwd, output));
    writeOutput(`${made}.d`, depfile(made, inputs), io);
    writeOutput(output, ninjaFile(placed, {
      command: [process.execPath, fileURLToPath(new URL('../../bin/drvlint.js', import.meta.url))], folder, output: made,
      again: ['graph', ...wordsOf(request, [...OWN_OPTIONS, ...REPORT_OPTIONS, ...COUNT_OPTIONS]), ...request.operands],
      reportOptions: wordsOf(request, REPORT_OPTIONS), mergeOptions: wordsOf(request, [...REPORT_OPTIONS, ...COUNT_OPTIONS]),
    }), io);
  }
  if (!request.values.has('quiet')) {
    for (const p of problems) io.err(`drvlint: ${printable(`${p.file}: ${p.reason}`)}\n`);
    const units = placed.reduce((sum, p) => sum + p.description.units.length, 0);
    io.err(`drvlint: ${projects.length} ${projects.length === 1 ? 'project' : 'projects'}, ${units} ${units === 1 ? 'unit' : 'units'}${request.values.has('ninja') ? `: ninja -f ${printable(output)}` : ''}\n`);
  }
  return 0;
}

/** Options as they were given. */
function wordsOf(request: Request, names: readonly string[]): string[] {
  return options.filter((o) => names.includes(o.name)).flatMap((o) => (request.values.get(o.name) ?? []).flatMap((value) => (o.value ? [`--${o.name}=${value}`] : [`--${o.name}`])));
}
