// The command line without the process around it: words in, exit status out.

import type { Rule } from '@drvlint/core';
import { rules as allRules } from '@drvlint/rules';
import { parseCommandLine, UsageError, type Request } from './arguments.js';
import { check } from './commands/check.js';
import { GitProblem } from './git.js';
import type { Io } from './io.js';
import { helpText } from './options.js';
import { printable } from './printable.js';
import { Failure } from './run-analysis.js';
import { kernelHash, version } from './version.js';

type CommandRun = (request: Request, io: Io, rules: readonly Rule[]) => Promise<number> | number;

/** Commands other than check are loaded when they are used. */
const loaders: Record<string, () => Promise<CommandRun>> = {
  check: () => Promise.resolve(check),
  explain: async () => (await import('./commands/explain.js')).explain,
  list: async () => (await import('./commands/list.js')).list,
  init: async () => (await import('./commands/init.js')).init,
  baseline: async () => (await import('./commands/baseline.js')).baseline,
  merge: async () => (await import('./commands/merge.js')).merge,
  graph: async () => (await import('./commands/graph.js')).graph,
  summarize: async () => (await import('./commands/summarize.js')).summarize,
  link: async () => (await import('./commands/link.js')).link,
  report: async () => (await import('./commands/report.js')).report,
  cache: async () => (await import('./commands/cache.js')).cache,
  config: async () => (await import('./commands/config.js')).config,
  doctor: async () => (await import('./commands/doctor.js')).doctor,
  completion: async () => (await import('./commands/completion.js')).completion,
  lsp: async () => (await import('./commands/lsp.js')).lsp,
  man: async () => (await import('./commands/completion.js')).man,
};

export async function run(words: readonly string[], io: Io, rules: readonly Rule[] = allRules): Promise<number> {
  try {
    const request = parseCommandLine(words, rules);
    if (request.values.has('help')) {
      io.out(helpText(version, io.columns));
      return 0;
    }
    if (request.values.has('version')) {
      io.out(`${version}\n`);
      // Beside the version, so that what reads standard output gets nothing else.
      io.err(`parser kernel sha256 ${kernelHash()}\n`);
      return 0;
    }
    const load = loaders[request.command];
    return await (await load())(request, io, rules);
  } catch (e) {
    return failed(e, io);
  }
}

function failed(e: unknown, io: Io): number {
  const say = (line: string): void => io.err(`drvlint: ${printable(line)}\n`);
  if (e instanceof UsageError) {
    say(e.message);
    io.err('drvlint --help shows how it is used\n');
  } else if (e instanceof Failure) e.lines.forEach(say);
  else if (e instanceof GitProblem) say(`git: ${e.message}`);
  else {
    say(`internal error: ${e instanceof Error ? e.message : String(e)}`);
    if (io.env.DRVLINT_DEBUG && e instanceof Error) io.err(`${e.stack}\n`);
    else io.err('DRVLINT_DEBUG=1 in the environment shows where\n');
  }
  return 2;
}
