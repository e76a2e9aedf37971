// `drvlint summarize`: the facts of one unit and of what it includes, a function of the project's description and the files it reads.

import path from 'node:path';
import { createParser, type Rule } from '@drvlint/core';
import { describeProjects, displayPath, readUnitFacts, summarizeRest, summarizeUnit, type ProjectDescription, type Summary } from '@drvlint/project';
import { depfile, outputOf, projectOf, readInput, withResponseFiles, writeOutput } from '../action-files.js';
import { UsageError, type Request } from '../arguments.js';
import type { Io } from '../io.js';
import { configurationsOf, Failure } from '../run-analysis.js';

export async function summarize(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const output = outputOf(request, 'summarize');
  const summary = request.values.has('rest') ? await restOf(request, io) : await unitOf(request, io, rules);
  writeOutput(output, summary.bytes, io);
  const dependencies = request.values.get('depfile')?.[0];
  if (dependencies !== undefined) writeOutput(dependencies, depfile(output, summary.read), io);
  if (summary.bug !== undefined) io.err(`drvlint: internal error: ${summary.bug}\n`);
  return 0;
}

async function unitOf(request: Request, io: Io, rules: readonly Rule[]): Promise<Summary> {
  if (request.operands.length !== 1) throw new UsageError('summarize takes one unit: drvlint summarize src/a.c -o a.facts');
  const unit = displayPath(io.cwd, path.resolve(io.cwd, request.operands[0]));
  const description = projectOf(request, io) ?? await projectAround([unit], request, io, rules);
  const summary = summarizeUnit(description, unit, io.cwd, await createParser());
  if (!summary) throw new Failure([`${unit}: is no file of project ${description.name}`]);
  const unused = request.values.get('unused')?.[0];
  if (unused !== undefined) {
    const read = new Set(summary.read);
    writeOutput(unused, description.files.filter((f) => !read.has(f)).map((f) => `${f}\n`).join(''), io);
  }
  return summary;
}

async function restOf(request: Request, io: Io): Promise<Summary> {
  const description = projectOf(request, io);
  if (!description) throw new UsageError('summarize --rest needs --project FILE');
  const facts = withResponseFiles(request.operands, io).map((file) => {
    const read = readUnitFacts(readInput(file, io));
    if (!read) throw new Failure([`${file}: was not written by drvlint summarize`]);
    return read;
  });
  return summarizeRest(description, facts, io.cwd, await createParser());
}

/** The first project that `check` would analyse these units in. */
export async function projectAround(units: readonly string[], request: Request, io: Io, rules: readonly Rule[]): Promise<ProjectDescription> {
  const { projects } = await describeProjects(io.cwd, units, configurationsOf(request, rules, io));
  const found = projects.find((p) => units.every((unit) => p.files.includes(unit)));
  if (!found) throw new Failure([`${units.join(', ')}: no project holds ${units.length > 1 ? 'them together' : 'it'}`]);
  return { ...found, index: 0, total: 1 };
}
