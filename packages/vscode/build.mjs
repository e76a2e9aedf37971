// Builds the extension: the client and the server as one file each, the parser, the pages of the rules. With `--package` also the .vsix,
// which needs `npm ci --prefix packages/vscode/tools`.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { packData, tablesApart } from './pack-data.mjs';

const here = import.meta.dirname;
const root = path.resolve(here, '../..');
const at = (...parts) => path.join(root, ...parts);
const dist = path.join(here, 'dist');
const { version } = JSON.parse(fs.readFileSync(path.join(here, 'package.json'), 'utf8'));

/** Bytes a package may have. */
const limit = 1_000_000;

const common = { bundle: true, minify: true, legalComments: 'none', logLevel: 'error', target: 'es2022', sourcemap: false };

/** Packages of the monorepo by their sources, so that nothing has to be built first. */
const sources = {
  '@drvlint/core': at('packages/core/src/index.ts'), '@drvlint/wdk': at('packages/wdk/src/index.ts'), '@drvlint/project': at('packages/project/src/index.ts'), '@drvlint/rules': at('rules/index.ts'),
};
const bundled = (name) => at('packages/language-server/bundle', name);

/** Modules of Node. Libraries use them in their parts for Node, which only run there. */
const builtins = builtinModules.flatMap((name) => [name, `node:${name}`]).filter((name) => !['node:fs', 'node:path', 'node:os', 'node:crypto'].includes(name));

/** What the code reached in the bundle does not need: other parsers, a walk by pattern, workers, the cache. */
const unneeded = new Set(['tinyglobby', 'web-tree-sitter', ...builtins.filter((name) => name.startsWith('node:'))]);

/** Loads, and fails when it is called. */
const stub = `module.exports = Object.create(new Proxy({}, { get(_, name) {
  if (name === '__esModule' || name === 'default' || name === 'then') return undefined;
  if (name === 'fileURLToPath') return (url) => url.pathname;
  if (name === 'isDynamicPattern') return () => false;
  if (name === 'isMainThread') return true;
  if (name === 'parentPort' || name === 'workerData') return null;
  return () => { throw new Error(String(name) + ' is not in this bundle'); };
} }));`;

const withoutNode = {
  name: 'without-node',
  setup(b) {
    b.onResolve({ filter: /^(?:node:|tinyglobby$|web-tree-sitter$)/ }, ({ path: name, importer }) => (unneeded.has(name) && !/[\\/]node_modules[\\/]vscode-/.test(importer) ? { path: name, namespace: 'unneeded' } : undefined));
    b.onLoad({ filter: /.*/, namespace: 'unneeded' }, () => ({ contents: stub, loader: 'js' }));
  },
};

async function buildServer() {
  const parts = new Map([['kernel', fs.readFileSync(at('packages/core/kernel/kernel.wasm'))], ['pages', pages()]]);
  await build({
    ...common, entryPoints: [bundled('main.ts')], outfile: path.join(dist, 'server.js'), format: 'iife', platform: 'browser', plugins: [withoutNode, tablesApart(bundled('data.ts'), parts)], define: { drvlintVersion: JSON.stringify(version), 'import.meta.url': '"file:///"' },
    mainFields: ['module', 'main'], conditions: ['import', 'require', 'node'],
    alias: { ...sources, 'node:fs': bundled('fs.ts'), 'node:path': bundled('path.ts'), 'node:os': bundled('os.ts'), 'node:crypto': bundled('crypto.ts'), ajv: bundled('ajv.ts') },
    external: builtins,
  });
  packData(path.join(dist, 'data.bin'), parts);
}

async function buildClient() {
  await build({
    ...common, entryPoints: [path.join(here, 'src/extension.ts')], outfile: path.join(dist, 'extension.js'), format: 'cjs', platform: 'browser',
    mainFields: ['module', 'main'], conditions: ['import', 'require', 'node'], external: ['vscode', ...builtins],
  });
}

/** The pages of all rules, as JSON. */
function pages() {
  const texts = {};
  for (const rule of fs.readdirSync(at('rules')).sort()) {
    const page = at('rules', rule, 'README.md');
    if (fs.existsSync(page)) texts[rule] = fs.readFileSync(page, 'utf8');
  }
  return Buffer.from(JSON.stringify(texts));
}

fs.rmSync(dist, { recursive: true, force: true });
fs.mkdirSync(dist, { recursive: true });
await Promise.all([buildServer(), buildClient()]);
fs.copyFileSync(at('LICENSE'), path.join(here, 'LICENSE'));

if (process.argv.includes('--package')) {
  const vsce = path.join(here, 'tools/node_modules/.bin/vsce');
  const vsix = path.join(here, `drvlint-${version}.vsix`);
  execFileSync(vsce, ['package', '--no-dependencies', '--allow-missing-repository', '--out', vsix], { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] });
  const { size } = fs.statSync(vsix);
  console.log(`${path.relative(root, vsix)}: ${size} bytes`);
  if (size > limit) throw new Error(`the package is larger than ${limit} bytes`);
}
