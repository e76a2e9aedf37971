// The rules as values, from their sources: bundled to a scratch file, so that no build is needed first.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Ids of all rule folders, sorted. */
export function ruleIds() {
  const folder = path.join(root, 'rules');
  return fs.readdirSync(folder).filter((name) => fs.existsSync(path.join(folder, name, 'rule.ts'))).sort();
}

/** Bundles a TypeScript module of the repository together with the packages it imports, and imports it. */
export async function load(contents, name) {
  const outfile = path.join(root, 'node_modules/.cache/drvlint', `${name}-${process.pid}.mjs`);
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' }, outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'error', packages: 'external',
    alias: {
      '@drvlint/core': path.join(root, 'packages/core/src/index.ts'), '@drvlint/wdk': path.join(root, 'packages/wdk/src/index.ts'),
      '@drvlint/rules': path.join(root, 'rules/index.ts'),
    },
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    fs.rmSync(outfile, { force: true });
  }
}

/** All rules, in the order of the index. */
export async function loadRules() {
  const ids = ruleIds();
  const contents = `${ids.map((id, i) => `import r${i} from './rules/${id}/rule.js';`).join('\n')}\nexport const rules = [${ids.map((_, i) => `r${i}`).join(', ')}];`;
  return (await load(contents, 'rules')).rules;
}
