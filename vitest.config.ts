import os from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests run on the sources: every package name stands for its src/ folder.
const here = import.meta.dirname;
const source = (folder: string) => path.join(here, folder);

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@drvlint\/(core|wdk|project|language-server)$/, replacement: source('packages/$1/src/index.ts') },
      { find: /^@drvlint\/rules$/, replacement: source('rules/index.ts') },
      { find: /^drvlint$/, replacement: source('packages/cli/src/index.ts') },
      { find: /^eslint-plugin-drvlint$/, replacement: source('packages/eslint-plugin/src/index.ts') },
    ],
  },
  test: { include: ['packages/*/src/**/*.test.ts', 'rules/**/*.test.ts', 'test/**/*.test.ts'], testTimeout: 60000, pool: 'forks', maxWorkers: Math.max(2, os.availableParallelism() - 1) },
});
