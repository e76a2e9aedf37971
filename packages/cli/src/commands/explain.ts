// `drvlint explain`: the page of a rule, or the interrupt level at a place of the source and why it is believed.

import path from 'node:path';
import { RuleNames, type Rule } from '@drvlint/core';
import { displayPath } from '@drvlint/project';
import { UsageError, type Request } from '../arguments.js';
import { describePlace } from '../describe-place.js';
import type { Io } from '../io.js';
import { pageOf } from '../pages.js';
import { printable } from '../printable.js';
import { Failure, runAnalysis } from '../run-analysis.js';

export async function explain(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const at = request.values.get('at')?.[0];
  if (at !== undefined) return explainPlace(at, request, io);
  if (request.operands.length === 0) throw new UsageError('explain needs a rule, or --at FILE:LINE');
  for (const name of request.operands) explainRule(name, io, rules);
  return 0;
}

function explainRule(name: string, io: Io, rules: readonly Rule[]): void {
  const names = new RuleNames(rules);
  const ids = names.lookUp(name);
  if (ids.length === 0) {
    const near = names.nearest(name);
    throw new UsageError(`there is no rule '${name}'${near ? `; did you mean ${near}?` : ''}`);
  }
  for (const id of ids) {
    const meta = rules.find((r) => r.meta.id === id)?.meta;
    io.out(pageOf(id)?.replace(/<!--[\s\S]*?-->\n?/g, '') ?? `# ${id}\n\n**${meta?.title}.** ${meta?.help}\n`);
  }
}

async function explainPlace(at: string, request: Request, io: Io): Promise<number> {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(at);
  if (!match) throw new UsageError(`--at ${at}: must be FILE:LINE or FILE:LINE:COLUMN`);
  const file = displayPath(io.cwd, path.resolve(io.cwd, match[1]));
  const answers = new Set<string>();
  let found = false;
  const single: Request = { ...request, operands: [match[1]] };
  const { result } = await runAnalysis(single, io, {
    rules: [], withBaseline: false,
    onProject: (project) => {
      const facts = project.fileOf(file);
      if (!facts) return;
      found = true;
      const line = Math.max(1, Number(match[2]));
      const start = facts.lineStarts[line - 1] ?? facts.length;
      const end = line < facts.lineStarts.length ? facts.lineStarts[line] : facts.length;
      const from = match[3] === undefined ? start : Math.min(end, start + Number(match[3]) - 1);
      const answer = describePlace(project, facts, from, match[3] === undefined ? end : from + 1);
      if (answer.length > 0) answers.add(answer.join('\n'));
    },
  });
  if (!found) throw new Failure(result.notAnalysed.filter((n) => n.failed).map((n) => `${n.file}: ${n.reason}`).concat(`${file} was not analysed`));
  if (answers.size === 0) answers.add('no function stands here');
  for (const answer of answers) io.out(`${printable(file)}:${match[2]}: ${answer.split('\n').map(printable).join('\n')}\n`);
  return 0;
}
