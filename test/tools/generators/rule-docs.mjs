// The heading block of every rule's page, the table of rules in docs/rules.md and the tables of old numbers and ids in docs/migration.md,
// from the rules' meta.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRules } from '../load-rules.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const families = { roles: 'Role types', annotations: 'Annotations', irql: 'IRQL, locks, paging', cluster: 'Cluster resource DLLs', driver: "Driver interfaces" };

export async function generate() {
  const rules = await loadRules();
  const files = new Map();
  for (const { meta } of rules) {
    const file = `rules/${meta.id}/README.md`;
    const page = read(file);
    if (page !== undefined) files.set(file, replaceBlock(page, 'meta', heading(meta), file));
  }
  const metas = rules.map((r) => r.meta);
  for (const [file, name, text] of [['docs/rules.md', 'rules', table(metas)], ['docs/migration.md', 'numbers', numbers(metas)], ['docs/migration.md', 'queries', queries(metas)]]) {
    files.set(file, replaceBlock(files.get(file) ?? read(file) ?? '', name, text, file));
  }
  return files;
}

function read(file) {
  const full = path.join(root, file);
  return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
}

/** Puts `text` between `<!-- name: ... -->` and `<!-- /name -->`. */
function replaceBlock(page, name, text, file) {
  const block = new RegExp(`(<!-- ${name}\\b[^>]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!block.test(page)) throw new Error(`${file} has no block <!-- ${name} --> ... <!-- /${name} -->`);
  return page.replace(block, (_, open, close) => `${open}${text}${close}`);
}

function heading(meta) {
  const presets = meta.presets.length > 0 ? meta.presets.map((p) => `\`${p}\``).join(', ') : 'only in `all`';
  const rows = [
    ['Level', meta.level], ['Presets', presets], ['Family', families[meta.family]],
    ['Also known as', meta.aliases.length > 0 ? meta.aliases.map((a) => `\`${a}\``).join(', ') : 'none'],
    ['Applies to', meta.models.map((m) => ({ kernel: 'kernel-mode drivers', user: 'user-mode code', cluster: 'cluster resource DLLs' })[m]).join(', ')],
    ['Fix', { fix: 'yes', suggestion: 'suggestion', both: 'yes, and suggestions' }[meta.fixable] ?? 'no'], ['Since', meta.since],
  ];
  return `# ${meta.id}\n\n**${meta.title}.** ${meta.help}\n\n| | |\n|---|---|\n${rows.map(([k, v]) => `| ${k} | ${v} |`).join('\n')}\n`;
}

function table(metas) {
  return Object.entries(families).map(([family, title]) => {
    const rows = metas.filter((m) => m.family === family);
    if (rows.length === 0) return '';
    const lines = rows.map((m) => {
      const number = m.aliases.filter((a) => /^C\d+$/.test(a)).join(', ');
      return `| [${m.id}](../rules/${m.id}/README.md) | ${m.title} | ${m.level} | ${number} | ${m.presets.join(', ')} | ${{ fix: 'fix', suggestion: 'suggestion', both: 'fix, suggestion' }[m.fixable] ?? ''} |`;
    });
    return `## ${title}\n\n| rule | what it reports | level | C28xxx | presets | fix |\n|---|---|---|---|---|---|\n${lines.join('\n')}\n\n`;
  }).join('');
}

/** Rules by alias, in the aliases' order. */
function byAlias(metas, test) {
  const found = new Map();
  for (const meta of metas) for (const alias of meta.aliases.filter((a) => test.test(a))) found.set(alias, [...found.get(alias) ?? [], meta]);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function numbers(metas) {
  const rows = byAlias(metas, /^C\d+$/).map(([number, own]) => `| ${number} | ${own.map((m) => link(m)).join(', ')} | ${own.map((m) => m.title).join('; ')} |`);
  return `| Code Analysis | rule | what it reports |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function queries(metas) {
  const rows = byAlias(metas, /^cpp\//).map(([query, own]) => `| \`${query}\` | ${own.map((m) => link(m)).join(', ')} | ${own.some((m) => m.presets.includes('recommended')) ? 'recommended' : own.flatMap((m) => m.presets).join(', ') || 'all'} |`);
  return `| CodeQL query | rule | preset |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function link(meta) {
  return `[${meta.id}](../rules/${meta.id}/README.md)`;
}
