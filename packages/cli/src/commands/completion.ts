// `drvlint completion` and `drvlint man`, from the tables the command line itself is parsed with.

import type { Rule } from '@drvlint/core';
import { UsageError, type Request } from '../arguments.js';
import type { Io } from '../io.js';
import { commands, exitStatus, options, type Option } from '../options.js';
import { version } from '../version.js';

const shells = { bash, zsh, fish, powershell } as const;

export function completion(request: Request, io: Io, rules: readonly Rule[]): number {
  const shell = request.operands[0];
  if (shell === undefined || !Object.hasOwn(shells, shell)) throw new UsageError(`completion needs one of ${Object.keys(shells).join(', ')}`);
  io.out(shells[shell as keyof typeof shells](rules.map((r) => r.meta.id)));
  return 0;
}

export function man(_request: Request, io: Io): number {
  io.out(manPage());
  return 0;
}

function valuesOf(o: Option, rules: readonly string[]): readonly string[] {
  return o.choices ?? (o.name === 'rule' || o.name === 'only' ? rules : []);
}

/** Words a command takes first. */
function wordsAfter(rules: readonly string[]): [string, readonly string[]][] {
  return [['explain', rules], ...commands.flatMap((c): [string, string[]][] => {
    const words = /^[a-z]+(?:\|[a-z]+)+/.exec(c.operands)?.[0].split('|');
    return words ? [[c.name, words]] : [];
  })];
}

function bash(rules: readonly string[]): string {
  const cases = options.filter((o) => o.value).map((o) => {
    const values = valuesOf(o, rules);
    const names = [`--${o.name}`, ...(o.short ? [`-${o.short}`] : [])].join('|');
    return `    ${names}) COMPREPLY=($(compgen ${values.length > 0 ? `-W '${values.join(' ')}'` : '-f'} -- "$cur")); return;;`;
  });
  return `_drvlint() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  case $prev in
${cases.join('\n')}
${wordsAfter(rules).map(([command, words]) => `    ${command}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur")); return;;`).join('\n')}
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${options.map((o) => `--${o.name}`).join(' ')}' -- "$cur"))
  elif [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY=($(compgen -W '${commands.map((c) => c.name).join(' ')}' -- "$cur") $(compgen -f -- "$cur"))
  else COMPREPLY=($(compgen -f -- "$cur")); fi
}
complete -o filenames -F _drvlint drvlint
`;
}

function zsh(rules: readonly string[]): string {
  const quote = (text: string): string => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');
  const lines = options.map((o) => {
    const values = valuesOf(o, rules);
    const value = o.value ? `:${quote(o.value)}:${values.length > 0 ? `(${values.join(' ')})` : '_files'}` : '';
    return `  '${o.repeatable ? '*' : ''}--${o.name}[${quote(o.help)}]${value}' \\`;
  });
  return `#compdef drvlint
_arguments \\
${lines.join('\n')}
  '1:command or path:{ compadd -- ${commands.map((c) => c.name).join(' ')}; _files }' \\
  '*::argument:{ case $words[1] in ${wordsAfter(rules).map(([command, words]) => `${command}) (( CURRENT == 2 )) && compadd -- ${words.join(' ')} || _files;;`).join(' ')} *) _files;; esac }'
`;
}

function fish(rules: readonly string[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const first = commands.map((c) => `complete -c drvlint -n __fish_use_subcommand -a ${c.name} -d ${quote(c.help)}`);
  const rest = options.map((o) => {
    const values = valuesOf(o, rules);
    return `complete -c drvlint -l ${o.name}${o.short ? ` -s ${o.short}` : ''}${o.value ? ` -r${values.length > 0 ? ` -f -a ${quote(values.join(' '))}` : ''}` : ''} -d ${quote(o.help)}`;
  });
  const words = wordsAfter(rules).map(([command, list]) => `complete -c drvlint -f -n '__fish_seen_subcommand_from ${command}' -a ${quote(list.join(' '))}`);
  return `${[...first, ...words, ...rest].join('\n')}\n`;
}

function powershell(rules: readonly string[]): string {
  const words = [...commands.map((c) => c.name), ...options.map((o) => `--${o.name}`)];
  const list = (values: readonly string[]): string => values.map((v) => `'${v}'`).join(', ');
  const cases = options.filter((o) => o.value && valuesOf(o, rules).length > 0).map((o) => `    '--${o.name}' { @(${list(valuesOf(o, rules))}) }`);
  return `Register-ArgumentCompleter -Native -CommandName drvlint -ScriptBlock {
  param($word, $ast, $at)
  $before = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $at } | ForEach-Object { "$_" })
  $values = switch ($before[-1]) {
${cases.join('\n')}
${wordsAfter(rules).map(([command, after]) => `    '${command}' { @(${list(after)}) }`).join('\n')}
    default { @(${list(words)}) }
  }
  $values | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`;
}

/** In roff, for \`man -l\`. */
export function manPage(): string {
  const roff = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('-', '\\-').replace(/^([.'])/gm, '\\&$1');
  const lines = [
    `.TH DRVLINT 1 "" "drvlint ${version}" "User Commands"`, '.SH NAME', 'drvlint \\- static analysis of Windows kernel drivers and cluster resource DLLs',
    '.SH SYNOPSIS', '.B drvlint', '[check] [paths...] [options]', '.SH COMMANDS',
    ...commands.flatMap((c) => ['.TP', `.B ${roff(`${c.name} ${c.operands}`.trim())}`, roff(c.help)]), '.SH OPTIONS',
    ...options.flatMap((o) => ['.TP', `.B ${roff(`${o.short ? `-${o.short}, ` : ''}--${o.name}${o.value ? ` ${o.value}` : ''}`)}`, roff(o.help)]), '.SH EXIT STATUS',
    ...exitStatus.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    '.SH FILES', '.TP', '.B drvlint.config.json', 'Configuration; the nearest one above a file holds, parents add to it up to one with "root": true.',
  ];
  return `${lines.join('\n')}\n`;
}
