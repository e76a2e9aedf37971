// Builds kernel.wasm from kernel.c, the tree-sitter library and the grammars inside node_modules. Needs clang and lld for
// wasm32-wasi (Debian: clang lld wasi-libc libclang-rt-14-dev-wasm32); only who changes a grammar version runs it.
// `--check` builds beside it and says whether the trees of the two modules can differ: whether they are equal byte by byte.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.resolve(here, '../../../node_modules');
const library = path.join(modules, 'tree-sitter/vendor/tree-sitter/lib');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-kernel-'));
const flags = ['--target=wasm32-wasi', '-O2', '-mbulk-memory', '-msign-ext', '-DNDEBUG', '-DTREE_SITTER_REUSE_ALLOCATOR', '-include', path.join(here, 'memory.h'), '-w'];
const units = [
  [path.join(here, 'kernel.c'), [path.join(library, 'src'), path.join(library, 'include')]],
  ...['c', 'cpp'].flatMap((grammar) => {
    const folder = path.join(modules, `tree-sitter-${grammar}`, 'src');
    return ['parser.c', 'scanner.c'].map((name) => path.join(folder, name)).filter((file) => fs.existsSync(file)).map((file) => [file, [folder]]);
  }),
];

const clang = process.env.CLANG ?? 'clang';
const objects = units.map(([file, folders], i) => {
  const object = path.join(scratch, `${i}.o`);
  execFileSync(clang, [...flags, ...folders.map((f) => `-I${f}`), '-c', file, '-o', object], { stdio: 'inherit' });
  return object;
});
const check = process.argv.includes('--check');
const shipped = path.join(here, 'kernel.wasm');
const output = check ? path.join(scratch, 'kernel.wasm') : shipped;
execFileSync(clang, ['--target=wasm32-wasi', '-nostartfiles', '-Wl,--no-entry,--gc-sections,--strip-all,-z,stack-size=262144', '-o', output, ...objects], { stdio: 'inherit' });
if (check) {
  const same = fs.readFileSync(output).equals(fs.readFileSync(shipped));
  console.log(same ? 'kernel.wasm is what its sources make' : 'kernel.wasm differs from what its sources make here');
  if (!same) process.exitCode = 1;
}
fs.rmSync(scratch, { recursive: true });
