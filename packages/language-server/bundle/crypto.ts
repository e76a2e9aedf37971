// Stands for `node:crypto` in the bundle, for the one thing that is asked of it: telling texts apart. Two 32-bit FNV-1a hashes with
// different starts; nothing here guards against someone who wants two texts to be the same.

export function createHash(): Hash {
  return new Hash();
}

class Hash {
  #a = 0x811c9dc5;
  #b = 0x050c5d1f;

  update(content: string | Uint8Array): this {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    for (const byte of bytes) {
      this.#a = Math.imul(this.#a ^ byte, 0x01000193);
      this.#b = Math.imul(this.#b ^ byte, 0x01000193) + 0x9e3779b9 | 0;
    }
    return this;
  }

  digest(): string {
    return [this.#a, this.#b].map((n) => (n >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** For names of files that are put aside; the bundle writes none. */
export function randomBytes(): { toString(): string } {
  return { toString: () => Math.random().toString(16).slice(2) };
}
