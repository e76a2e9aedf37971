// A build.ninja that analyses projects as actions: summarize every unit, link the facts of a project, report on it, and put the reports
// together. Ninja learns from a depfile what a unit has read, and stops where an action's output stayed the same.

import type { ProjectDescription } from './description.js';

export interface NinjaOptions {
  /** Words of the command that runs drvlint. */
  command: readonly string[];
  /** Folder of everything that is made, as shown from the folder that ninja runs in. */
  folder: string;
  /** Words of `drvlint graph` that write this file again. */
  again: readonly string[];
  /** The file that is written, as shown; what it depends on stands beside it, in a depfile: sources come and go. */
  output: string;
  /** Options of report: rules, levels, configuration. */
  reportOptions: readonly string[];
  /** Those of merge: what makes it fail as well. */
  mergeOptions: readonly string[];
}

export interface NinjaProject { description: ProjectDescription; folder: string }

/** Folders of the projects below `folder`: short, unlike each other, the same every time. */
export function projectFolders(projects: readonly ProjectDescription[], folder: string): NinjaProject[] {
  const used = new Set<string>();
  return projects.map((description) => {
    const base = description.name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_') || 'project';
    let name = base;
    for (let n = 2; used.has(name.toLowerCase()); n++) name = `${base}-${n}`;
    used.add(name.toLowerCase());
    return { description, folder: `${folder}/${name}` };
  });
}

export function ninjaFile(projects: readonly NinjaProject[], options: NinjaOptions): string {
  const tool = shellWords(options.command);
  const lines = [
    '# Written by `drvlint graph --ninja`; it is written again when a file it depends on changes.', 'ninja_required_version = 1.10', `builddir = ${escaped(options.folder)}`, '',
    ...rule('graph', `${tool} ${shellWords(options.again)}`, 'projects', ['generator = 1', 'restat = 1', `depfile = ${value(options.output)}.d`]),
    ...rule('summarize', `${tool} summarize --project $project $in -o $out --depfile $out.d`, 'summarize $in', ['depfile = $out.d', 'deps = gcc', 'restat = 1']),
    ...rule('rest', `${tool} summarize --rest --project $project @$out.rsp -o $out --depfile $out.d`, 'summarize other files of $name', ['depfile = $out.d', 'deps = gcc', 'restat = 1', 'rspfile = $out.rsp', 'rspfile_content = $units']),
    ...rule('link', `${tool} link --project $project @$out.rsp -o $out`, 'link $name', ['restat = 1', 'rspfile = $out.rsp', 'rspfile_content = $in']),
    ...rule('report', `${tool} report $linked --partial $out ${shellWords(options.reportOptions)}`.trim(), 'report on $name', ['restat = 1']),
    ...rule('merge', `${tool} merge @$out.rsp --format sarif -o $out ${shellWords(options.mergeOptions)}`.trim(), 'merge', ['rspfile = $out.rsp', 'rspfile_content = $in']),
  ];
  lines.push(build([options.output, ...projects.map((p) => `${p.folder}/project.json`)], 'graph', []), '');
  for (const project of projects) lines.push(...projectLines(project));
  const whole = `${options.folder}/drvlint.sarif`;
  lines.push(build([whole], 'merge', projects.map((p) => `${p.folder}/report.json`)), '', `default ${escaped(whole)}`, '');
  return lines.join('\n');
}

function projectLines({ description, folder }: NinjaProject): string[] {
  const project = `${folder}/project.json`;
  const facts = factsNames(description.units.map((u) => u.file)).map((name) => `${folder}/${name}`);
  const bind = (more: Record<string, string> = {}): string[] => Object.entries({ project: shellWord(project), name: description.name, ...more }).map(([key, text]) => `  ${key} = ${value(text)}`);
  const rest = `${folder}/rest.facts`;
  const linked = `${folder}/linked.facts`;
  const lines = description.units.flatMap((unit, i) => [build([facts[i]], 'summarize', [unit.file], [project]), ...bind()]);
  lines.push(build([rest], 'rest', [], [project, ...facts]), ...bind({ units: facts.map(shellWord).join(' ') }));
  lines.push(build([linked], 'link', [...facts, rest], [project]), ...bind());
  lines.push(build([`${folder}/report.json`], 'report', [], [linked, ...description.files]), ...bind({ linked: shellWord(linked) }), '');
  return lines;
}

/** A name for the facts of each unit: its path in one word, told apart where two would be the same. */
export function factsNames(units: readonly string[]): string[] {
  const used = new Map<string, number>();
  return units.map((unit) => {
    const base = unit.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_');
    const count = (used.get(base.toLowerCase()) ?? 0) + 1;
    used.set(base.toLowerCase(), count);
    return `${base}${count > 1 ? `-${count}` : ''}.facts`;
  });
}

function rule(name: string, command: string, description: string, more: readonly string[]): string[] {
  return [`rule ${name}`, `  command = ${command}`, `  description = drvlint: ${description}`, ...more.map((m) => `  ${m}`), ''];
}

function build(outputs: readonly string[], name: string, inputs: readonly string[], implicit: readonly string[] = []): string {
  const list = (files: readonly string[]): string => files.map((f) => ` ${escaped(f)}`).join('');
  return `build${list(outputs)}: ${name}${list(inputs)}${implicit.length > 0 ? ` |${list(implicit)}` : ''}`;
}

/** A path in a build line. */
function escaped(file: string): string {
  return file.replace(/[$ :\n]/g, (c) => `$${c}`);
}

/** Words for the shell, inside a ninja variable. */
function shellWords(words: readonly string[]): string {
  return value(words.map(shellWord).join(' '));
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function value(text: string): string {
  return text.replaceAll('$', () => '$$').replaceAll('\n', ' ');
}
