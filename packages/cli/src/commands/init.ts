// `drvlint init`: writes a configuration and, when asked, what ties drvlint to ESLint, pre-commit and GitHub. Never overwrites a
// file without --force.

import fs from 'node:fs';
import path from 'node:path';
import { configName, reasonOf } from '@drvlint/project';
import type { Request } from '../arguments.js';
import type { Io } from '../io.js';
import { Failure } from '../run-analysis.js';
import { version } from '../version.js';
import { writeWhole } from '../write-file.js';

const configuration = `{
  // What each key means: the schema below, shown by editors.
  "$schema": "./node_modules/@drvlint/project/drvlint.config.schema.json",
  "root": true,
  // recommended, strict, cluster, all
  "extends": "recommended",
  "rules": {
    // "irql-too-high": "error"
  }
}
`;

const eslint = `import drvlint from 'eslint-plugin-drvlint';

export default [
  ...drvlint.configs.recommended,
];
`;

const preCommit = `repos:
  - repo: https://github.com/drvlint/drvlint
    rev: v${version}
    hooks:
      - id: drvlint
`;

const workflow = `name: drvlint
on: [push, pull_request]
permissions:
  contents: read
  security-events: write
jobs:
  drvlint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npx --yes drvlint@${version} --format sarif --output drvlint.sarif --format github
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with:
          sarif_file: drvlint.sarif
          category: drvlint
`;

export function init(request: Request, io: Io): number {
  const files: [string, string][] = [[configName, configuration]];
  if (request.values.has('eslint')) files.push(['eslint.config.mjs', eslint]);
  if (request.values.has('pre-commit')) files.push(['.pre-commit-config.yaml', preCommit]);
  if (request.values.has('github')) files.push(['.github/workflows/drvlint.yml', workflow]);
  const failures: string[] = [];
  for (const [name, text] of files) {
    const file = path.join(io.cwd, name);
    try {
      if (fs.existsSync(file) && !request.values.has('force')) failures.push(`${name} exists: left as it is (--force overwrites it)`);
      else {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        writeWhole(file, text);
        io.err(`drvlint: wrote ${name}\n`);
      }
    } catch (e) {
      failures.push(`${name}: cannot be written: ${reasonOf(e)}`);
    }
  }
  if (failures.length > 0) throw new Failure(failures);
  return 0;
}
