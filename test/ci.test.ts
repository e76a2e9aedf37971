// What ties drvlint to services and hooks: the GitHub action, the pipeline templates, the pre-commit hook. Their scripts are run here,
// with the built program in the place of the npm package. Needs `npm run build`.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './harness/fixtures.js';
import { scratch } from './harness/scratch.js';

const bin = path.join(root, 'packages/cli/bin/drvlint.js');
const bad = '// drvlint-disable-next-line no-such-rule\nvoid F(void)\n{\n}\n';
const good = 'void F(void)\n{\n}\n';
const read = (file: string): unknown => parse(fs.readFileSync(path.join(root, file), 'utf8'));

/** A folder of sources and a PATH on which `npx [--yes] drvlint@version` is the built program. */
function shell(files: Record<string, string>): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = scratch(files);
  const tools = scratch({ npx: `#!/bin/sh\n[ "$1" = --yes ] && shift\ncase "$1" in drvlint|drvlint@*) shift;; esac\nexec ${process.execPath} ${bin} "$@"\n` });
  fs.chmodSync(path.join(tools, 'npx'), 0o755);
  return { cwd, env: { ...process.env, PATH: `${tools}${path.delimiter}${process.env.PATH}` } };
}

describe('GitHub action', () => {
  interface Step { id?: string; run?: string; env?: Record<string, string>; uses?: string; with?: Record<string, string> }
  const action = read('action.yml') as { inputs: Record<string, { default: string }>; runs: { steps: Step[] } };
  const [analyse, upload, verdict] = action.runs.steps;

  /** Runs a step with the inputs' defaults; returns its status and what it wrote for later steps. */
  function step(which: Step, files: Record<string, string>, more: Record<string, string> = {}) {
    const { cwd, env } = shell(files);
    const inputs = Object.fromEntries(Object.entries(which.env ?? {}).map(([name, value]) => [name, value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => action.inputs[input].default)]));
    const output = path.join(cwd, 'github-output');
    const { status, stdout } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', which.run ?? ''], { cwd, env: { ...env, ...inputs, ...more, GITHUB_OUTPUT: output }, encoding: 'utf8' });
    return { status, stdout, cwd, output: fs.existsSync(output) ? fs.readFileSync(output, 'utf8') : '' };
  }

  it('annotates, writes SARIF and hands the status on', () => {
    const { status, stdout, cwd, output } = step(analyse, { 'a.c': bad });
    expect({ status, output }).toEqual({ status: 0, output: 'status=1\n' });
    expect(stdout).toBe('::warning file=a.c,line=1,endLine=1,col=1,endColumn=42,title=unused-suppression::there is no rule `no-such-rule`\n');
    expect(JSON.parse(fs.readFileSync(path.join(cwd, 'drvlint.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'unused-suppression' }] }] });
    expect(step(analyse, { 'a.c': good }).output).toBe('status=0\n');
    expect(step(analyse, { 'readme.txt': '' }).output).toBe('status=2\n');
  });

  it('takes lists of paths and options', () => {
    expect(step(analyse, { 'a.c': bad, 'b/b.c': good, 'c/c.c': good }, { PATHS: 'b c', ARGS: '--level info --preset all' }).output).toBe('status=0\n');
  });

  it('fails the job on findings unless told otherwise, and always on failure', () => {
    const status = (STATUS: string, FAIL: string) => step(verdict, {}, { STATUS, FAIL }).status;
    expect([status('0', 'true'), status('1', 'true'), status('1', 'false'), status('2', 'false')]).toEqual([0, 1, 0, 2]);
  });

  it('uploads under one category', () => {
    expect(upload).toMatchObject({ uses: expect.stringMatching(/^github\/codeql-action\/upload-sarif@v\d+$/) as string, with: { category: 'drvlint' } });
  });
});

it('the Azure Pipelines template runs', () => {
  const template = read('.ci/templates/azure-pipelines.yml') as { parameters: { name: string; default: string }[]; steps: { script?: string }[] };
  const script = (template.steps.find((s) => s.script)?.script ?? '').replace(/\$\{\{ parameters\.(\w+) \}\}/g, (_, name: string) => template.parameters.find((p) => p.name === name)?.default ?? '?');
  const { cwd, env } = shell({ 'a.c': bad });
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script.replaceAll('$(Build.ArtifactStagingDirectory)', cwd)], { cwd, env, encoding: 'utf8' });
  expect(status, stderr).toBe(1);
  expect(stdout).toBe('##vso[task.logissue type=warning;sourcepath=a.c;linenumber=1;columnnumber=1;code=unused-suppression;]there is no rule `no-such-rule`\n');
  expect(fs.existsSync(path.join(cwd, 'drvlint.sarif'))).toBe(true);
});

it('the GitLab template runs', () => {
  const { drvlint } = read('.ci/templates/gitlab.yml') as { drvlint: { script: string[]; variables: Record<string, string>; artifacts: { reports: { codequality: string } } } };
  const { cwd, env } = shell({ 'a.c': bad });
  const { status, stdout, stderr } = spawnSync('bash', ['-c', drvlint.script.join('\n')], { cwd, env: { ...env, ...drvlint.variables }, encoding: 'utf8' });
  expect(status, stderr).toBe(1);
  expect(stdout).toContain('a.c:1:1  warning  there is no rule');
  expect(JSON.parse(fs.readFileSync(path.join(cwd, drvlint.artifacts.reports.codequality), 'utf8'))).toMatchObject([{ check_name: 'unused-suppression', location: { path: 'a.c' } }]);
});

describe('pre-commit', () => {
  const [hook] = read('.pre-commit-hooks.yaml') as { id: string; entry: string; language: string; types_or: string[]; require_serial: boolean }[];

  it('has a hook that runs once over C and C++', () => {
    expect(hook).toMatchObject({ id: 'drvlint', language: 'node', types_or: ['c', 'c++'], require_serial: true });
    expect(hook.entry.split(' ')[0]).toBe('drvlint');
  });

  const found = spawnSync('pre-commit', ['--version']).status === 0;
  if (found) {
    it('stops a commit in a scratch repository', () => {
      const { cwd, env } = shell({
        'a.c': good, 'readme.md': 'x\n',
        '.pre-commit-config.yaml': `repos:\n  - repo: local\n    hooks:\n      - id: drvlint\n        name: drvlint\n        language: system\n        entry: ${process.execPath} ${bin} --no-progress\n        types_or: [c, c++]\n        require_serial: true\n`,
      });
      const home = { ...env, PRE_COMMIT_HOME: path.join(cwd, '.cache'), GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 't', GIT_AUTHOR_EMAIL: 't@t', GIT_COMMITTER_NAME: 't', GIT_COMMITTER_EMAIL: 't@t' };
      const run = (command: string, ...args: string[]) => spawnSync(command, args, { cwd, env: home, encoding: 'utf8' });
      run('git', 'init', '-q');
      expect(run('pre-commit', 'install').status).toBe(0);
      run('git', 'add', 'a.c', 'readme.md', '.pre-commit-config.yaml');
      expect(run('git', 'commit', '-q', '-m', 'good').status).toBe(0);
      fs.writeFileSync(path.join(cwd, 'a.c'), bad);
      run('git', 'add', 'a.c');
      const refused = run('git', 'commit', '-q', '-m', 'bad');
      expect(refused.status).toBe(1);
      expect(refused.stdout + refused.stderr).toContain('a.c:1:1  warning  there is no rule');
      expect(execFileSync('git', ['log', '--format=%s'], { cwd, encoding: 'utf8' })).toBe('good\n');
    }, 60_000);
  }
});

describe('a hook of git', () => {
  const recipe = /echo '(npx drvlint --staged[^']*)' > \.husky\/pre-commit/.exec(fs.readFileSync(path.join(root, 'docs/ci.md'), 'utf8'))?.[1] ?? '';

  it('as the guide has it for husky, reads what is staged and not the working tree', () => {
    const { cwd, env } = shell({ 'a.c': good, 'b.c': good });
    const home = { ...env, DRVLINT_CACHE_DIR: path.join(cwd, '.git', 'cache'), GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 't', GIT_AUTHOR_EMAIL: 't@t', GIT_COMMITTER_NAME: 't', GIT_COMMITTER_EMAIL: 't@t' };
    const git = (...args: string[]) => spawnSync('git', args, { cwd, env: home, encoding: 'utf8' });
    git('init', '-q');
    fs.writeFileSync(path.join(cwd, '.git/hooks/pre-commit'), `#!/bin/sh\n${recipe}\n`, { mode: 0o755 });
    git('add', '.');
    expect(git('commit', '-q', '-m', 'good').status).toBe(0);
    fs.writeFileSync(path.join(cwd, 'a.c'), bad);
    git('add', 'a.c');
    fs.writeFileSync(path.join(cwd, 'a.c'), good);
    const refused = git('commit', '-q', '-m', 'staged is bad');
    expect(refused.status).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('a.c:1:1  warning  there is no rule');
    git('reset', '-q', '--hard');
    fs.writeFileSync(path.join(cwd, 'a.c'), `${good}/* staged */\n`);
    git('add', 'a.c');
    fs.writeFileSync(path.join(cwd, 'a.c'), bad);
    expect(git('commit', '-q', '-m', 'staged is good').status).toBe(0);
  }, 60_000);
});
