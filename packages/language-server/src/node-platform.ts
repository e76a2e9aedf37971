// The server on a machine with a disk: native parser where it loads, findings remembered in the user's cache folder.

import fs from 'node:fs';
import { createParser } from '@drvlint/core';
import { diskMemory } from './disk-memory.js';
import type { Platform } from './platform.js';

const packageVersion = (JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

export function nodePlatform(): Platform {
  return { version: packageVersion, parser: () => createParser(), memory: diskMemory, rulePage: pageOf };
}

function pageOf(rule: string): string | undefined {
  try {
    return fs.readFileSync(new URL(`../${rule}/README.md`, import.meta.resolve('@drvlint/rules')), 'utf8');
  } catch {
    return undefined;
  }
}
