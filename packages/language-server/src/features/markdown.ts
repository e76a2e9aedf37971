// Text for hovers: Markdown with names as code, links to places in files.

import type { FileFacts, Project } from '@drvlint/core';
import { lineIndexAt } from '@drvlint/core';

export interface Links {
  /** URI of a file as the project names it. */
  uriOf(file: string): string;
}

export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Text as it is, whatever Markdown would make of its characters. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
}

/** `file.c:12` as a link to the place. */
export function place(project: Project, file: string, offset: number, links: Links, from?: FileFacts): string {
  const lines = project.fileOf(file)?.lineStarts;
  const line = lines ? lineIndexAt(lines, offset) + 1 : 1;
  const text = from?.path === file ? `line ${line}` : `${file.slice(file.lastIndexOf('/') + 1)}:${line}`;
  return `[${plain(text)}](${links.uriOf(file)}#L${line})`;
}

export function list(items: readonly string[]): string {
  return items.map((i) => `- ${i}`).join('\n');
}

/** Blocks that are there, with a blank line between them. */
export function blocks(...parts: (string | undefined)[]): string {
  return parts.filter((p) => p !== undefined && p !== '').join('\n\n');
}
