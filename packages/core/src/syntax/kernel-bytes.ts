// Where the kernel's bytes come from when the host gives none: the file in this package, by file system where there is one, else by URL.

interface Builtins { getBuiltinModule?(name: string): { promises: { readFile(path: URL): Promise<Uint8Array> } } | undefined }

export async function kernelBytes(): Promise<Uint8Array> {
  const url = new URL('../../kernel/kernel.wasm', import.meta.url);
  const { process } = globalThis as { process?: Builtins };
  if (url.protocol === 'file:' && process?.getBuiltinModule) {
    const fs = process.getBuiltinModule('node:fs');
    if (fs) return fs.promises.readFile(url);
  }
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`kernel.wasm: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
