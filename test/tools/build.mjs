// Transpiles every package's TypeScript to its dist/ folder, file by file, without type checking (that is
// `npm run typecheck`). Runs as `prepare`, so that a fresh `npm ci` leaves a tool that can be run.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

function sources(folder, skip) {
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (skip.has(entry.name)) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...sources(file, skip));
    else if (/\.ts$/.test(entry.name) && !/\.(test|d)\.ts$/.test(entry.name)) found.push(file);
  }
  return found;
}

const skip = new Set(['node_modules', 'dist']);
const units = fs.readdirSync(path.join(root, 'packages'))
  .filter((name) => fs.existsSync(path.join(root, 'packages', name, 'src')) && name !== 'vscode')
  .map((name) => [path.join(root, 'packages', name, 'src'), path.join(root, 'packages', name, 'dist')]);
units.push([path.join(root, 'rules'), path.join(root, 'rules/dist')]);

await Promise.all(units.map(([from, to]) => build({
  entryPoints: sources(from, skip), outdir: to, outbase: from, format: 'esm', target: 'node20', platform: 'neutral', sourcemap: true, logLevel: 'error',
})));

// The packages that consist of hundreds of modules are also one file each, which their index becomes: loading takes half the time.
const alongside = {
  name: 'files beside the package',
  setup: (made) => made.onLoad({ filter: /kernel-bytes\.ts$/ }, ({ path: file }) => ({ contents: fs.readFileSync(file, 'utf8').replace('../../kernel/', '../kernel/'), loader: 'ts' })),
};
await Promise.all(['packages/wdk', 'packages/core', 'rules'].map((name) => build({
  entryPoints: [path.join(root, name === 'rules' ? 'rules/index.ts' : `${name}/src/index.ts`)], outfile: path.join(root, name, 'dist/index.js'), bundle: true, packages: 'external',
  format: 'esm', target: 'node20', platform: 'neutral', sourcemap: true, logLevel: 'error', plugins: [alongside],
})));

// The language server's process loads one file for its own modules and the protocol's library, whose licences stand beside it.
const server = path.join(root, 'packages/language-server');
const inlined = /^vscode-(?:languageserver|jsonrpc|uri)/;
const own = {
  name: 'own modules and the protocol',
  setup: (made) => made.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) => (kind === 'entry-point' || inlined.test(name) ? undefined : { path: name, external: true })),
};
await build({
  entryPoints: [path.join(server, 'src/stdio.ts')], outfile: path.join(server, 'dist/stdio.js'), bundle: true, format: 'esm', target: 'node20', platform: 'node', mainFields: ['module', 'main'],
  sourcemap: true, logLevel: 'error', plugins: [own], banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
});
const modules = path.join(root, 'node_modules');
const licences = fs.readdirSync(modules).filter((name) => inlined.test(name)).map((name) => {
  const file = fs.readdirSync(path.join(modules, name)).find((f) => /^licen[cs]e\b/i.test(f));
  return `${name}\n\n${fs.readFileSync(path.join(modules, name, file), 'utf8').trim()}\n`;
});
fs.writeFileSync(path.join(server, 'dist/third-party.txt'), `dist/stdio.js holds code of these packages:\n\n${licences.join('\n')}`);

// What the cache keys on: another build of the tool shares no results with this one.
const hash = createHash('sha256');
for (const [, to] of units) for (const file of outputs(to).sort()) hash.update(path.relative(root, file)).update(fs.readFileSync(file));
fs.writeFileSync(path.join(root, 'packages/project/dist/build-id'), hash.digest('hex'));

function outputs(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? outputs(file) : file.endsWith('.js') ? [file] : [];
  });
}
