// Whether the packages are fit to publish: each is packed, looked at by publint and attw, and all of them are installed into an empty
// folder outside of the repository, where the command line and the ESLint plugin must work. Prints sizes. Registry packages
// come from npm's cache where they are there.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-packages-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));
const failures = [];

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', cwd: root, shell: process.platform === 'win32', maxBuffer: 1 << 28, ...options });
  return { status: result.status, text: `${result.stdout ?? ''}${result.stderr ?? ''}`.trim(), out: result.stdout ?? '' };
}

function expect(what, good, detail = '') {
  console.log(`${good ? 'ok  ' : 'BAD '}  ${what}`);
  if (!good) failures.push(`${what}\n${detail}`);
}

// Types come from the compiler, everything else from the build.
const types = run('npx', ['--no-install', 'tsc', '-b', '--pretty', 'false']);
expect('types are made', types.status === 0, types.text);
const built = run('node', ['test/tools/build.mjs']);
expect('the packages are built', built.status === 0, built.text);

const folders = [...fs.readdirSync(path.join(root, 'packages')).map((name) => path.join('packages', name)), 'rules']
  .filter((folder) => fs.existsSync(path.join(root, folder, 'package.json')))
  .filter((folder) => JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8')).private !== true && folder !== path.join('packages', 'vscode'));
const tarballs = [];
for (const folder of folders) {
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', scratch], { cwd: path.join(root, folder), encoding: 'utf8', shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'ignore'] }))[0];
  const file = path.join(scratch, packed.filename);
  tarballs.push(file);
  const names = packed.files.map((f) => f.path);
  expect(`${packed.name} ${(packed.size / 1024).toFixed(0)} kB packed, ${(packed.unpackedSize / 1024).toFixed(0)} kB, ${names.length} files`, names.includes('README.md') && names.includes('dist/index.js') && names.includes('dist/index.d.ts') && !names.some((n) => /\.test\.|\.map$|\/\.|tsbuildinfo/.test(n)), names.join('\n'));
  const lint = run('npx', ['--no-install', 'publint', '--strict', file]);
  expect(`${packed.name} publint`, lint.status === 0, lint.text);
  const attw = run('npx', ['--no-install', 'attw', file, '--profile', 'esm-only', '--entrypoints', '.', '--format', 'ascii']);
  expect(`${packed.name} attw`, attw.status === 0, attw.text);
}

const home = path.join(scratch, 'home');
fs.mkdirSync(home);
fs.writeFileSync(path.join(home, 'package.json'), '{ "private": true, "type": "module", "overrides": { "tree-sitter": "0.22.4" } }\n');
const eslint = JSON.parse(fs.readFileSync(path.join(root, 'node_modules/eslint/package.json'), 'utf8')).version;
const install = run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs, `eslint@${eslint}`], { cwd: home });
expect('all install into an empty folder', install.status === 0, install.text);
fs.writeFileSync(path.join(home, 'a.c'), '#include <ntddk.h>\n// drvlint-disable-next-line no-such-rule\nVOID F(VOID)\n{\n}\n');
const cli = run('npx', ['--no-install', 'drvlint', '--format', 'compact', 'a.c'], { cwd: home });
expect('the command line works there', cli.status === 1 && cli.out === 'a.c:2:1: warning: there is no rule `no-such-rule` [unused-suppression]\n', cli.text);
const page = run('npx', ['--no-install', 'drvlint', 'explain', 'unused-suppression'], { cwd: home });
expect('pages of rules are there', page.out.includes('## How to fix'), page.text);
fs.writeFileSync(path.join(home, 'eslint.config.js'), "import drvlint from 'eslint-plugin-drvlint';\nexport default [...drvlint.configs.recommended];\n");
const host = run('npx', ['--no-install', 'eslint', 'a.c'], { cwd: home });
expect('the ESLint plugin works there', host.status === 0 && host.text.includes('there is no rule `no-such-rule`'), host.text);

for (const failure of failures) console.error(`\n${failure}`);
console.log(failures.length === 0 ? 'packages are fit to publish' : `${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;
