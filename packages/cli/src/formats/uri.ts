// File paths as URIs: relative ones stay relative, absolute ones become `file:` URIs; every unit that is not plain is escaped.

export function uriOf(file: string): string {
  const escaped = file.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)).join('/');
  if (/^[A-Za-z]:\//.test(file)) return `file:///${file.slice(0, 2)}${escaped.slice(escaped.indexOf('/'))}`;
  if (file.startsWith('//')) return `file:${escaped}`;
  return file.startsWith('/') ? `file://${escaped}` : escaped;
}

export function isAbsoluteUri(uri: string): boolean {
  return uri.startsWith('file:');
}

/** A folder's URI ends with a slash. */
export function folderUri(folder: string): string {
  return uriOf(folder.endsWith('/') ? folder : `${folder}/`);
}
