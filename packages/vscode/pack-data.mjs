// Packs what the server reads before it starts: the parser and the tables of knowledge, one after the other, with LZMA. Needs `xz`
// (Debian's xz-utils; Git for Windows has it too), since nothing in Node writes that format.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const generated = /[\\/]wdk[\\/]src[\\/]generated[\\/][^\\/]+\.ts$/;

/** The texts a module of tables exports, by name. */
async function textsOf(file) {
  const { outputFiles } = await build({ entryPoints: [file], bundle: true, write: false, format: 'esm', charset: 'utf8', logLevel: 'error' });
  return { ...await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`) };
}

/** Replaces the modules of tables by look-ups in the packed data, and collects what they held. */
export function tablesApart(dataModule, collected) {
  return {
    name: 'tables',
    setup(b) {
      b.onLoad({ filter: generated }, async ({ path: file }) => {
        const texts = await textsOf(file);
        for (const [name, text] of Object.entries(texts)) {
          if (typeof text !== 'string' || collected.has(name)) throw new Error(`${path.basename(file)}: ${name} is no text or not the only one of this name`);
          collected.set(name, Buffer.from(text));
        }
        return { contents: [`import { table } from ${JSON.stringify(dataModule)};`, ...Object.keys(texts).map((name) => `export const ${name} = table('${name}');`)].join('\n'), resolveDir: path.dirname(file) };
      });
    },
  };
}

/** Writes `parts` (name to bytes) packed to `file`. */
export function packData(file, parts) {
  let at = 0;
  const places = {};
  const ordered = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, bytes] of ordered) {
    places[name] = [at, bytes.length];
    at += bytes.length;
  }
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(places)}\n`), ...ordered.map(([, bytes]) => bytes)]);
  const packed = execFileSync('xz', ['--format=lzma', '-9e', '--stdout'], { input: whole, maxBuffer: 1 << 26 });
  // The length is not known to a program that reads a pipe; it stands behind the five bytes of properties.
  packed.writeBigUInt64LE(BigInt(whole.length), 5);
  fs.writeFileSync(file, packed);
}
