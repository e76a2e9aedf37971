// Why a file (or folder, or build file) could not be used, in words for its reader.

export interface FileProblem {
  /** Absolute path. */
  file: string;
  /** 1-based, where the trouble has a place. */
  line?: number;
  column?: number;
  reason: string;
  /** A note that does not make the run fail (a generated file left out, a project file that lists a missing file). */
  note?: boolean;
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
};

/** The reason of a file-system error. */
export function reasonOf(e: unknown): string {
  const { code, message } = e as NodeJS.ErrnoException;
  return (code !== undefined && words[code]) || message || String(e);
}
