// The command line as data: commands and options with their help. Parsing, `--help`, the man page and shell completion are all
// made from these tables.

export interface Command {
  name: string;
  /** What follows the name. */
  operands: string;
  help: string;
}

export interface Option {
  name: string;
  short?: string;
  /** Name of its value; absent for a switch. */
  value?: string;
  /** Values allowed, for checking and completion. */
  choices?: readonly string[];
  repeatable?: boolean;
  /** Commands it belongs to; all of them when absent. */
  only?: readonly string[];
  help: string;
  group: 'Report' | 'Rules' | 'Sources' | 'Fixes' | 'Execution' | 'Information';
}

export const formats = ['text', 'compact', 'json', 'sarif', 'github', 'gitlab', 'azure', 'junit', 'html'] as const;
export type FormatName = (typeof formats)[number];

const levels = ['error', 'warning', 'info'] as const;

export const commands: readonly Command[] = [
  { name: 'check', operands: '[paths...]', help: 'Analyse files and folders (the default command; default path: .)' },
  { name: 'explain', operands: 'RULE | --at FILE:LINE', help: 'Show the page of a rule, or the interrupt level at a place and why' },
  { name: 'list', operands: 'rules|roles|functions|projects [paths...]', help: 'List rules, callbacks with their roles, functions, or projects' },
  { name: 'init', operands: '', help: 'Write a configuration here; with --eslint, --pre-commit, --github also those files' },
  { name: 'baseline', operands: 'create|check|prune [paths...]', help: 'Write the present findings to a file, compare with it, drop what is gone' },
  { name: 'merge', operands: 'FILES...', help: 'One report from the --partial files of the shards of a run' },
  { name: 'graph', operands: '[paths...]', help: 'Write the analysis as actions for a build system: --ninja writes a build.ninja' },
  { name: 'summarize', operands: 'UNIT | --rest FACTS...', help: 'Facts of one unit and what it includes, to --output FILE' },
  { name: 'link', operands: 'FACTS...', help: 'Put the facts of the units of a project together, to --output FILE' },
  { name: 'report', operands: 'LINKED...', help: 'Report on projects from their linked facts and their sources' },
  { name: 'cache', operands: 'stats|clear', help: 'Show the size of the cache, or empty it' },
  { name: 'config', operands: '--file FILE', help: 'Show the configuration that holds for a file, and where each value comes from' },
  { name: 'doctor', operands: '', help: 'Check the installation and the configuration' },
  { name: 'lsp', operands: '--stdio', help: 'Run the language server for an editor (package @drvlint/language-server)' },
  { name: 'completion', operands: 'bash|zsh|fish|powershell', help: 'Print a completion script' },
  { name: 'man', operands: '', help: 'Print the manual page' },
];

export const options: readonly Option[] = [
  { name: 'format', short: 'f', value: 'FORMAT', choices: formats, repeatable: true, group: 'Report', help: 'Report format: text, compact, json, sarif, github, gitlab, azure, junit, html; default text' },
  { name: 'output', short: 'o', value: 'FILE', repeatable: true, group: 'Report', help: 'Write the report to FILE; several --format F --output FILE pairs may be given' },
  { name: 'level', value: 'LEVEL', choices: levels, group: 'Report', help: 'Lowest level shown: error, warning, info; default warning' },
  { name: 'fail-on', value: 'LEVEL', choices: levels, group: 'Report', help: 'Lowest level that makes the exit status 1; default warning' },
  { name: 'max-warnings', value: 'N', group: 'Report', help: 'Exit with 1 only when there are errors or more than N warnings' },
  { name: 'coverage', group: 'Report', help: 'List the projects, and what was not analysed and why' },
  { name: 'statistics', group: 'Report', help: 'Print the number of findings per rule' },
  { name: 'timing', group: 'Report', help: 'Print the time per rule' },
  { name: 'stats', group: 'Report', help: 'Print time per stage and rule, and memory' },
  { name: 'quiet', short: 'q', group: 'Report', help: 'No summary and no notes; problems are still told' },
  { name: 'color', group: 'Report', help: 'Colours even when the output is no terminal' },
  { name: 'no-color', group: 'Report', help: 'No colours' },
  { name: 'preset', value: 'NAME', choices: ['recommended', 'strict', 'cluster', 'all', 'mustfix'], repeatable: true, group: 'Rules', help: 'Rule set: recommended (default), strict, cluster, all, mustfix' },
  { name: 'rule', value: 'ID[=LEVEL]', repeatable: true, group: 'Rules', help: 'Switch a rule on, off, or to a level: --rule irql-too-high=off, --rule C28121=error' },
  { name: 'only', value: 'ID,...', repeatable: true, group: 'Rules', help: 'Run just these rules' },
  { name: 'config', short: 'c', value: 'FILE', group: 'Rules', help: 'Use this configuration for everything' },
  { name: 'no-config', group: 'Rules', help: 'Use no configuration file' },
  { name: 'baseline', value: 'FILE', group: 'Rules', help: 'Baseline of findings that do not count' },
  { name: 'no-baseline', group: 'Rules', help: 'Ignore the baseline the configuration names' },
  { name: 'define', short: 'D', value: 'NAME[=VALUE]', repeatable: true, group: 'Sources', help: 'Define a macro for conditional compilation' },
  { name: 'undefine', short: 'U', value: 'NAME', repeatable: true, group: 'Sources', help: 'Take a macro as not defined' },
  { name: 'arch', value: 'ARCH', choices: ['amd64', 'arm64', 'x86'], group: 'Sources', help: 'Scale of interrupt levels: amd64 (default), arm64, x86' },
  { name: 'configuration', value: 'NAME|PLATFORM', group: 'Sources', help: 'Configuration of Visual C++ projects; default Release|x64' },
  { name: 'stdin', group: 'Sources', help: 'Read one file from standard input' },
  { name: 'stdin-filename', value: 'FILE', group: 'Sources', help: 'Name of the file on standard input' },
  { name: 'staged', group: 'Sources', help: 'Analyse the staged text of the files staged in git' },
  { name: 'since', value: 'REF', group: 'Sources', help: 'Analyse all, report only in functions changed since the branch left the git revision REF' },
  { name: 'fix', group: 'Fixes', help: 'Apply fixes that keep the meaning' },
  { name: 'fix-dry-run', group: 'Fixes', help: 'Report as if the fixes had been applied, and print them as a patch; change nothing' },
  { name: 'threads', value: 'N', group: 'Execution', help: 'Number of threads; default by the number of projects' },
  { name: 'cache-dir', value: 'DIR', group: 'Execution', help: "Folder of the cache; default the user's cache folder" },
  { name: 'no-cache', group: 'Execution', help: 'Use no cache' },
  { name: 'shard', value: 'I/N', group: 'Execution', help: 'Only part I of N of the projects; `drvlint merge` puts parts together' },
  { name: 'partial', value: 'FILE', group: 'Execution', help: 'Write what `drvlint merge` needs to FILE' },
  { name: 'project', value: 'FILE', only: ['summarize', 'link'], group: 'Execution', help: 'summarize, link: description of the project, as `drvlint graph` writes it' },
  { name: 'depfile', value: 'FILE', only: ['summarize'], group: 'Execution', help: 'summarize: write which files were read, as a Makefile rule' },
  { name: 'unused', value: 'FILE', only: ['summarize'], group: 'Execution', help: 'summarize: write which files of the project were not read, one per line' },
  { name: 'rest', only: ['summarize'], group: 'Execution', help: 'summarize: the listed files that none of the facts given has read' },
  { name: 'ninja', only: ['graph'], group: 'Execution', help: 'graph: write a build.ninja; --output FILE, default drvlint-graph/build.ninja' },
  { name: 'no-progress', group: 'Execution', help: 'No progress on the terminal' },
  { name: 'at', value: 'FILE:LINE', only: ['explain'], group: 'Information', help: 'explain: the place to explain' },
  { name: 'file', value: 'FILE', only: ['config'], group: 'Information', help: 'config: the file to show the configuration of' },
  { name: 'json', only: ['list', 'config'], group: 'Information', help: 'list, config: print JSON' },
  { name: 'stdio', only: ['lsp'], group: 'Information', help: 'lsp: talk over standard input and output' },
  { name: 'force', only: ['init', 'baseline'], group: 'Information', help: 'init, baseline: overwrite files' },
  { name: 'eslint', only: ['init'], group: 'Information', help: 'init: also write an ESLint configuration' },
  { name: 'pre-commit', only: ['init'], group: 'Information', help: 'init: also write a pre-commit configuration' },
  { name: 'github', only: ['init'], group: 'Information', help: 'init: also write a GitHub workflow' },
  { name: 'help', short: 'h', group: 'Information', help: 'Show this help' },
  { name: 'version', short: 'v', group: 'Information', help: 'Show the version; on standard error the hash of the parser' },
];

const groups = ['Report', 'Rules', 'Sources', 'Fixes', 'Execution', 'Information'] as const;

export const exitStatus = [
  ['0', 'nothing found at or above the level that counts'],
  ['1', 'findings at or above the level that counts (--fail-on)'],
  ['2', 'failure: bad usage or configuration, unreadable input, nothing analysed, an internal error'],
  ['130', 'interrupted; what was found until then is reported'],
] as const;

export function optionText(o: Option): string {
  return `${o.short ? `-${o.short}, ` : '    '}--${o.name}${o.value ? ` ${o.value}` : ''}`;
}

/** `width` is that of the terminal, in columns. */
export function helpText(version: string, width = 100): string {
  const lines = [`drvlint ${version}: static analysis of Windows kernel drivers and cluster resource DLLs`, '', 'usage: drvlint [check] [paths...] [options]', '', 'Commands:'];
  for (const c of commands) lines.push(...entry(`${c.name} ${c.operands}`.trim(), c.help, width));
  for (const group of groups) {
    lines.push('', `${group}:`);
    for (const o of options.filter((each) => each.group === group)) lines.push(...entry(optionText(o), o.help, width));
  }
  lines.push('', 'Exit status:', ...exitStatus.flatMap(([code, meaning]) => entry(code, meaning, width, 7)), '');
  return lines.join('\n');
}

/** Name and help side by side, the help wrapped; below each other when the name is long. */
function entry(name: string, help: string, width: number, indent = 32): string[] {
  const room = Math.max(30, Math.min(width, 120) - indent);
  const [first, ...rest] = wrapped(help, room);
  const left = `  ${name}`;
  const below = rest.map((line) => ' '.repeat(indent) + line);
  return left.length < indent ? [left.padEnd(indent) + first, ...below] : [left, ' '.repeat(indent) + first, ...below];
}

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
