// Document URIs and the paths the analysis works with. Files on disk keep their native path; those of other schemes (a repository in the
// browser) are known by the path part of their URI, with one scheme and authority per workspace folder.

import { URI } from 'vscode-uri';

export class Uris {
  /** Path to the URI as the client spells it. */
  readonly #known = new Map<string, string>();
  readonly #bases: { prefix: string; base: URI }[] = [];

  /** A folder that is not on disk. */
  addBase(uri: string): void {
    const base = URI.parse(uri);
    if (base.scheme !== 'file') this.#bases.push({ prefix: base.path, base });
  }

  /** Path of a document; undefined when it is none of a file. */
  toPath(uri: string): string | undefined {
    let parsed: URI;
    try {
      parsed = URI.parse(uri, true);
    } catch {
      return undefined;
    }
    if (parsed.scheme === 'file') return parsed.fsPath === '' ? undefined : parsed.fsPath;
    const base = this.#bases.find((b) => b.base.scheme === parsed.scheme && b.base.authority === parsed.authority);
    return base ? parsed.path : undefined;
  }

  /** Remembers the client's spelling. */
  learn(path: string, uri: string): void {
    this.#known.set(path, uri);
  }

  forget(path: string): void {
    this.#known.delete(path);
  }

  toUri(path: string): string {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const base = this.#bases.find((b) => path === b.prefix || path.startsWith(b.prefix.endsWith('/') ? b.prefix : `${b.prefix}/`));
    return (base ? base.base.with({ path }) : URI.file(path)).toString();
  }
}
