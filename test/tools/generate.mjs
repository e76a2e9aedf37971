// Runs every generator of test/tools/generators (each exports `generate(): Map<path from the root, text>`, possibly async)
// and writes what changed. With `--check` nothing is written: the exit status is 1 when a generated file is stale.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const check = process.argv.includes('--check');
const folder = path.join(here, 'generators');

let stale = 0;

async function run(name) {
  const { generate } = await import(pathToFileURL(path.join(folder, name)).href);
  for (const [file, text] of await generate()) {
    const target = path.join(root, file);
    const before = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : undefined;
    if (before === text) continue;
    stale++;
    console.log(`${check ? 'stale' : 'wrote'} ${file}`);
    if (check) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }
}

// A generator that runs built code may need what another one writes: what fails is tried once more after the rest.
const failed = [];
for (const name of fs.readdirSync(folder).filter((entry) => entry.endsWith('.mjs')).sort()) {
  await run(name).catch(() => failed.push(name));
}
for (const name of failed) {
  await run(name).catch((error) => {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 2;
  });
}
if (check && stale > 0) process.exitCode = 1;
