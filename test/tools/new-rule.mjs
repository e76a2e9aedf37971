// `npm run new-rule -- <id> [family]`: writes the folder of a new rule, its page and its first fixture, then the index.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const families = ['roles', 'annotations', 'irql', 'cluster', 'driver'];
const [id, family = 'driver'] = process.argv.slice(2);

function stop(why) {
  console.error(`${why}\nusage: npm run new-rule -- <id in kebab-case> [${families.join('|')}]`);
  process.exit(2);
}
if (!id || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) stop(id ? `'${id}' is no id in kebab-case` : 'the id is missing');
if (!families.includes(family)) stop(`there is no family '${family}'`);
if (fs.existsSync(path.join(root, 'rules', id))) stop(`rules/${id} exists already`);

const files = {
  [`rules/${id}/rule.ts`]: `import { defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: '${id}',
    title: 'What is wrong, in one line',
    family: '${family}',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: [],
    models: [${family === 'cluster' ? "'cluster'" : "'kernel'"}],
    help: 'What to do about it.',
  },

  func(ctx, fn) {
    const def = fn.def;
    if (!def?.decl.body) return;
    for (const call of def.decl.body.calls) {
      if (call.callee.k !== 'name' || call.callee.name !== 'NameToLookFor') continue;
      ctx.report({ file: def.file.path, start: call.start, end: call.end, message: 'the fact, with the values compared' });
    }
  },
});
`,
  [`rules/${id}/README.md`]: `<!-- meta: npm run generate -->
<!-- /meta -->

## What it does

## Why

## How to fix

## Examples

\`\`\`c bad
VOID Bad(VOID)
{
    NameToLookFor();
}
\`\`\`

\`\`\`c good
VOID Good(VOID)
{
}
\`\`\`
`,
  [`fixtures/${id}/basic.c`]: `#include <ntddk.h>

VOID Bad(VOID)
{
    NameToLookFor(); // expect: ${id} "the fact"
}

VOID Ok(VOID)
{
    AnotherName(); // ok: ${id} - another function
}
`,
};
for (const [file, text] of Object.entries(files)) {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
  console.log(`wrote ${file}`);
}
process.exitCode = spawnSync(process.execPath, [path.join(root, 'test/tools/generate.mjs')], { stdio: 'inherit' }).status ?? 1;
