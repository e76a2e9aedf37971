// Drives real editors against the built server: `node test/editor/clients/run.mjs [neovim] [emacs] [vscode]`. Each gets its own copy of the sample,
// prints one line per check, and fails the run when one of them fails. Needs Debian's neovim, emacs-nox,
// elpa-eglot and chromium, and `npm ci --prefix packages/vscode/tools`.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { runVscode } from './vscode-web/run.mjs';

const here = import.meta.dirname;
const root = path.resolve(here, '../../..');
const server = path.join(root, 'packages/language-server/bin/drvlint-language-server.js');

const editors = {
  neovim: ['nvim', ['--headless', '-u', 'NONE', '-n', '-c', `luafile ${path.join(here, 'neovim.lua')}`]],
  emacs: ['emacs', ['--batch', '-q', '-l', path.join(here, 'emacs.el')]],
};

async function texts() {
  const bundled = await build({ entryPoints: [path.join(here, '../sample.ts')], bundle: true, write: false, format: 'esm', platform: 'node' });
  return (await import(`data:text/javascript,${encodeURIComponent(bundled.outputFiles[0].text)}`)).sample;
}

function sampleIn(files) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-client-')));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  // Eglot asks for the root of a project: a repository.
  spawnSync('git', ['init', '-q'], { cwd: folder });
  return folder;
}

const files = await texts();

function drive(name) {
  const [program, args] = editors[name];
  const folder = sampleIn(files);
  const ran = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000, env: { ...process.env, SERVER: server, FOLDER: folder, XDG_CACHE_HOME: path.join(folder, 'cache') } });
  const out = `${ran.stdout ?? ''}${ran.stderr ?? ''}`;
  const checks = out.split('\n').filter((l) => /^(?:ok|FAILED) /.test(l));
  console.log(`${name}:\n${checks.map((l) => `  ${l}`).join('\n')}`);
  fs.rmSync(folder, { recursive: true, force: true });
  if (ran.status === 0 && checks.length >= 6) return true;
  console.log(`${name} failed (status ${ran.status}${ran.error ? `, ${ran.error.message}: is ${program} installed?` : ''})\n${out}`);
  return false;
}

const wanted = process.argv.slice(2);
const failed = [];
for (const name of wanted.length > 0 ? wanted : [...Object.keys(editors), 'vscode']) {
  if (name === 'vscode') console.log('vscode:');
  if (!(name === 'vscode' ? await runVscode(files) : drive(name))) failed.push(name);
}
console.log(failed.length === 0 ? 'all editors work' : `editors that failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
