import { createHash } from 'node:crypto';
import fs from 'node:fs';

/** Version of this package. */
export const version = (JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Hash of the parser that is used, the one binary among the packages: `packages/core/kernel/build.mjs --check` makes the same one. */
export function kernelHash(): string {
  try {
    return createHash('sha256').update(fs.readFileSync(new URL(import.meta.resolve('@drvlint/core/kernel.wasm')))).digest('hex');
  } catch {
    return 'not there';
  }
}
