// eslint-plugin-drvlint: the ESLint host. Copy-and-paste use: `import drvlint from 'eslint-plugin-drvlint'; export default [...drvlint.configs.recommended];`

import { isInPreset, type Preset, type Rule } from '@drvlint/core';
import { rules as engineRules } from '@drvlint/rules';
import { factsHash } from './facts-hash.js';
import { drvlintLanguage } from './language.js';
import { eslintRules } from './rules.js';

export { factsHash };

const name = 'eslint-plugin-drvlint';
const version = '0.1.0';

const FILES = { c: ['**/*.c', '**/*.h'], cpp: ['**/*.cpp', '**/*.cc', '**/*.cxx', '**/*.hpp', '**/*.hxx', '**/*.inl'] };

interface ConfigObject {
  name: string;
  files: string[];
  language: string;
  plugins: Record<string, unknown>;
  languageOptions?: Record<string, unknown>;
  rules: Record<string, 'error' | 'warn'>;
}

const languages = { c: drvlintLanguage('c'), cpp: drvlintLanguage('cpp') };
const plugin = { meta: { name, version, namespace: 'drvlint' }, languages, rules: eslintRules(), configs: {} as Record<string, ConfigObject[]> };

const facts = factsHash(process.cwd());

/** A preset for both languages, without the rules that only inform when it is `all`; each object names its files, so that the rest of a repository stays with its own languages. */
function preset(id: Preset): ConfigObject[] {
  const chosen = engineRules.filter((rule) => isInPreset(rule.meta, id, 'amd64') && (id !== 'all' || rule.meta.level !== 'info'));
  const levels = Object.fromEntries(chosen.map((rule): [string, 'error' | 'warn'] => [`drvlint/${rule.meta.id}`, severity(rule)]));
  return (['c', 'cpp'] as const).map((language) => ({
    name: `drvlint/${id}/${language}`, files: FILES[language], language: `drvlint/${language}`, plugins: { drvlint: plugin }, languageOptions: { facts }, rules: levels,
  }));
}

function severity(rule: Rule): 'error' | 'warn' {
  return rule.meta.level === 'error' ? 'error' : 'warn';
}

for (const id of ['recommended', 'strict', 'cluster', 'mustfix', 'all'] as const) plugin.configs[id] = preset(id);

export default plugin;
