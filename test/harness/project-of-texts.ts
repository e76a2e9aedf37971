// A linked project out of texts in memory, for tests of the model and of analyses.

import { configuration, createParser, linkProject, ProjectReader, sourceFromString, type Func, type Project } from '@drvlint/core';

const parser = await createParser();

/** `files` maps paths to texts; includes resolve by path. Every file that is no header is a unit. */
export function projectOf(files: Record<string, string>, defines: Record<string, string> = {}): Project {
  const reader = new ProjectReader({
    source: (path) => (files[path] === undefined ? undefined : sourceFromString(files[path], path)),
    resolveInclude: (include) => (files[include.target] === undefined ? undefined : include.target),
  }, parser, configuration({ defines }));
  for (const path of Object.keys(files)) {
    if (!/\.(h|inl)$/.test(path)) reader.readUnit(path, path.endsWith('.c') ? 'c' : 'cpp');
  }
  return linkProject(reader.files, { name: 'test', textOf: (path) => files[path] ?? '' });
}

/** The defined function of a name; fails the test when there is none. */
export function functionOf(project: Project, qualified: string): Func {
  const fn = project.funcs.find((f) => f.qualified === qualified && f.def) ?? project.funcs.find((f) => f.qualified === qualified);
  if (!fn) throw new Error(`no function ${qualified}; there are ${project.funcs.map((f) => f.qualified).join(', ')}`);
  return fn;
}
