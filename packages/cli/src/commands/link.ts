// `drvlint link`: the facts of a project's units put together.

import type { Rule } from '@drvlint/core';
import { linkFacts, readUnitFacts } from '@drvlint/project';
import { outputOf, projectOf, readInput, withResponseFiles, writeOutput } from '../action-files.js';
import { UsageError, type Request } from '../arguments.js';
import type { Io } from '../io.js';
import { printable } from '../printable.js';
import { Failure } from '../run-analysis.js';
import { projectAround } from './summarize.js';

export async function link(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const output = outputOf(request, 'link');
  if (request.operands.length === 0) throw new UsageError('link needs the facts of all units of a project: drvlint link a.facts b.facts -o driver.linked');
  const facts = withResponseFiles(request.operands, io).map((file) => {
    const read = readUnitFacts(readInput(file, io));
    if (!read) throw new Failure([`${file}: was not written by drvlint summarize`]);
    return read;
  });
  const description = projectOf(request, io) ?? await projectAround(facts.map((f) => f.head.unit), request, io, rules);
  const linked = linkFacts(description, facts);
  if ('problem' in linked) throw new Failure([linked.problem]);
  writeOutput(output, linked.bytes, io);
  if (linked.inOrder.length > 0 && !request.values.has('quiet')) {
    io.err(`drvlint: ${printable(`project ${description.name} is read as a whole when it is reported on: ${linked.inOrder[0]}${linked.inOrder.length > 1 ? ` (and ${linked.inOrder.length - 1} more)` : ''}`)}\n`);
  }
  return 0;
}
