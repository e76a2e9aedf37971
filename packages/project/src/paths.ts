// Paths as the report shows them: relative to the working directory with forward slashes where the file lies below it, else
// absolute with forward slashes. Inside this package paths are absolute and native.

import path from 'node:path';

/** `C:\src\a.c` or `/src/a.c` as shown from `cwd`. */
export function displayPath(cwd: string, absolute: string): string {
  if (absolute.length > cwd.length && isInside(absolute, cwd)) return slashes(absolute.slice(cwd.endsWith(path.sep) ? cwd.length : cwd.length + 1));
  const relative = path.relative(cwd, absolute);
  const outside = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  return slashes(outside ? absolute : relative);
}

export function slashes(p: string): string {
  return path.sep === '\\' ? p.replaceAll('\\', '/') : p;
}

/** The name of a file and nothing else. */
const NAME = /^[\w-][\w.-]*$/;

/** A path written in a build file for Windows, as a native absolute path; `folder` is one. */
export function fromBuildFile(folder: string, written: string): string {
  if (NAME.test(written)) return folder.endsWith(path.sep) ? folder + written : folder + path.sep + written;
  return path.resolve(folder, path.sep === '/' ? written.replaceAll('\\', '/') : written);
}

/** `folder` and its parents, nearest first, up to and with `top`; only `folder` when `top` is no parent of it. */
export function ancestors(folder: string, top: string): string[] {
  const list = [folder];
  if (!isInside(folder, top)) return list;
  for (let at = folder; at !== top; list.push(at)) at = path.dirname(at);
  return list;
}

/** Whether `p` is `folder` or lies below it. */
export function isInside(p: string, folder: string): boolean {
  return p === folder || p.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
