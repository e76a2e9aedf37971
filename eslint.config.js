import eslint from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/generated/', 'coverage/', 'fixtures/', '**/*.d.ts'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'off',
      'no-sequences': 'error',
      'no-restricted-syntax': ['error', { selector: 'CallExpression[callee.object.name=/^(it|test|describe|bench)$/][callee.property.name=/^(skip|only|todo)$/]', message: 'No skipped, focused or empty tests.' }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
    },
  },
  {
    // Analysis code keeps out of the host: no Node modules, no process.
    files: ['packages/core/src/**/*.ts', 'packages/wdk/src/**/*.ts', 'rules/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-globals': ['error', 'process', 'Buffer', '__dirname', 'require'] },
  },
  {
    // Sources are hostile input: no pattern may take more than linear time.
    files: ['packages/*/src/**/*.ts', 'rules/**/*.ts'],
    ignores: ['**/*.test.ts'],
    plugins: { regexp },
    rules: { 'regexp/no-super-linear-backtracking': 'error', 'regexp/no-super-linear-move': 'error' },
  },
  {
    files: ['**/*.test.ts', 'test/**'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', 'packages/cli/bin/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly', performance: 'readonly', Buffer: 'readonly', clearTimeout: 'readonly', setTimeout: 'readonly', setImmediate: 'readonly' } },
  },
);
