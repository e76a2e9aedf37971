// The server in a process of VS Code on the desktop. Unpacking the data takes a quarter of a second: it is done once per version, and
// what came out is kept where the client says (`--storage=FOLDER`).

import { provide, providePacked } from './data.js';
import { unpack } from './lzma.js';

type Files = typeof import('node:fs');

declare const drvlintVersion: string;
declare const __dirname: string;

export async function start(): Promise<void> {
  const fs = (await import('./fs.js')).default as Files;
  const packed = fs.readFileSync(`${__dirname}/data.bin`);
  const folder = process.argv.find((arg) => arg.startsWith('--storage='))?.slice('--storage='.length);
  if (folder) provide(unpackedOnce(fs, packed, folder));
  else providePacked(packed);
  const { serve } = await import('./serve-in-node.js');
  await serve(drvlintVersion);
}

/** Keyed by what it was unpacked from; nothing but speed depends on the file. */
function unpackedOnce(fs: Files, packed: Uint8Array, folder: string): Uint8Array {
  const kept = `${folder}/data-${drvlintVersion}-${checksum(packed)}`;
  try {
    return fs.readFileSync(kept);
  } catch {
    const unpacked = unpack(packed);
    try {
      fs.mkdirSync(folder, { recursive: true });
      const aside = `${kept}.${process.pid}`;
      fs.writeFileSync(aside, unpacked);
      fs.renameSync(aside, kept);
    } catch {
      // Unpacked again the next time.
    }
    return unpacked;
  }
}

/** FNV-1a over all bytes. */
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}
