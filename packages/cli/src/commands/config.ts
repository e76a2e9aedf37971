// `drvlint config --file f.c`: what holds for a file, and where each value comes from.

import path from 'node:path';
import type { Rule } from '@drvlint/core';
import { displayPath } from '@drvlint/project';
import { UsageError, type Request } from '../arguments.js';
import type { Io } from '../io.js';
import { configurationsOf, Failure, problemText } from '../run-analysis.js';

export function config(request: Request, io: Io, rules: readonly Rule[]): number {
  const given = request.values.get('file')?.[0] ?? request.operands[0];
  if (given === undefined) throw new UsageError('config needs --file FILE');
  const file = path.resolve(io.cwd, given);
  const configurations = configurationsOf(request, rules, io);
  const selection = configurations.selectionFor(file);
  const settings = configurations.settingsFor(path.dirname(file));
  const active = configurations.rulesFor(file);
  if (configurations.problems.length > 0) throw new Failure(configurations.problems.map((p) => problemText(p, io.cwd)));
  const origins = configurations.explain(file);
  const shown = (from: string): string => (path.isAbsolute(from) ? displayPath(io.cwd, from) : from);
  io.out(`${JSON.stringify({
    file: displayPath(io.cwd, file),
    configurations: configurations.chain(path.dirname(file)).map((c) => displayPath(io.cwd, c.file)),
    presets: selection.presets, level: configurations.levelFor(path.dirname(file)), architecture: settings.arch,
    ...(settings.configuration ? { configuration: settings.configuration } : {}),
    defines: settings.defines, undefines: settings.undefines,
    settings: Object.fromEntries(Object.entries(origins.settings).map(([key, o]) => [key, { value: o.value, from: shown(o.from) }])),
    rules: Object.fromEntries(rules.map(({ meta }) => {
      const on = active.get(meta.id);
      const origin = origins.rules[meta.id];
      const options = on && Object.keys(on.options).length > 0 ? { options: on.options } : {};
      return [meta.id, { level: on?.level ?? 'off', ...options, from: origin ? shown(origin.from) : 'preset' }];
    })),
  }, null, 2)}\n`);
  return 0;
}
