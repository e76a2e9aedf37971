// The layer laws of ARCHITECTURE.md: imports go down only.
const layers = ['source', 'lex', 'rewrite', 'syntax', 'model', 'flow', 'analyses', 'rule', 'check'];
const code = { pathNot: '\\.test\\.ts$' };

const downward = layers.map((layer, i) => ({
  name: `${layer}-imports-only-downwards`,
  comment: `${layer}/ may import ${layers.slice(0, i + 1).join(', ')} and @drvlint/wdk only.`,
  severity: 'error',
  from: { path: `^packages/core/src/${layer}/`, ...code },
  to: { path: '^packages/core/src/', pathNot: [`^packages/core/src/(${layers.slice(0, i + 1).join('|')})/`] },
}));

// The contract types of the rule kit name facts and projects; nothing below a rule sees the kit.
module.exports = {
  forbidden: [
    ...downward,
    { name: 'no-cycles-between-packages', severity: 'error', from: { path: '^packages/([^/]+)/' }, to: { circular: true, path: '^packages/', pathNot: '^packages/$1/' } },
    { name: 'core-knows-no-host', severity: 'error', comment: 'core runs in a browser: no Node modules.', from: { path: '^packages/core/src/', ...code }, to: { dependencyTypes: ['core'] } },
    { name: 'core-imports-no-package-but-wdk', severity: 'error', from: { path: "^packages/core/src/", ...code }, to: { path: '^(packages/(?!core/|wdk/)|rules/)' } },
    { name: 'wdk-imports-nothing', severity: 'error', from: { path: '^packages/wdk/src/', ...code }, to: { pathNot: '^packages/wdk/src/' } },
    {
      name: 'rules-import-the-kit-only', severity: 'error', comment: 'A rule imports @drvlint/core (and files of its own folder).',
      from: { path: '^rules/([^/]+)/', ...code }, to: { pathNot: ['^rules/$1/', '^packages/core/(src|dist)/index\\.'] },
    },
    { name: 'syntax-alone-knows-tree-sitter', severity: 'error', from: { path: '^(packages|rules)/', pathNot: '^packages/core/src/syntax/' }, to: { path: 'node_modules/(web-)?tree-sitter' } },
    {
      name: 'hosts-do-not-see-each-other', severity: 'error',
      from: { path: '^packages/(cli|eslint-plugin|language-server|vscode)/src/' }, to: { path: '^packages/(cli|eslint-plugin|language-server|vscode)/', pathNot: '^packages/$1/' },
    },
    { name: 'project-sees-no-host', severity: 'error', from: { path: '^packages/project/src/' }, to: { path: '^packages/(cli|eslint-plugin|language-server|vscode)/' } },
    {
      name: 'packages-meet-at-their-index', severity: 'error', comment: 'Between packages by package name, through the index.',
      from: { path: '^packages/([^/]+)/src/' }, to: { path: '^packages/[^/]+/', pathNot: ['^packages/$1/', '^packages/[^/]+/(src|dist)/index\\.', '^packages/[^/]+/package\\.json$'] },
    },
    { name: 'no-unresolved', severity: 'error', from: { path: '^(packages/[^/]+/src|rules)/' }, to: { couldNotResolve: true, pathNot: '^tree-sitter' } },
    { name: 'no-tests-in-code', severity: 'error', from: { ...code }, to: { path: '\\.test\\.ts$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|\\.d\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
