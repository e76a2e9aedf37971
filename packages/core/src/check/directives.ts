// Reads drvlint's own comments: `drvlint-disable-next-line a, b -- reason`, `drvlint-disable-line`, and `drvlint-disable` with
// `drvlint-enable` for a stretch of a file. No ids means every rule.

export type DirectiveKind = 'disable' | 'enable' | 'disable-line' | 'disable-next-line';

export interface DirectiveId {
  text: string;
  /** Offset of the id in the comment's text. */
  start: number;
}

export interface Directive {
  kind: DirectiveKind;
  ids: DirectiveId[];
  reason?: string;
}

/** `comment` is the comment as written, its markers included or not. */
export function parseDirective(comment: string): Directive | undefined {
  const head = /^(?:\s*\/(?:\/+|\*))?[\s*!<]*drvlint-(disable-next-line|disable-line|disable|enable)(?![\w-])/.exec(comment);
  if (!head) return undefined;
  const rest = comment.slice(head[0].length).replace(/\*\/\s*$/, '');
  const dashes = /(?:^|\s)-{2,}(?:\s|$)/.exec(rest);
  const list = dashes ? rest.slice(0, dashes.index) : rest;
  const reason = dashes ? plainText(rest.slice(dashes.index + dashes[0].length)) : '';
  const ids = [...list.matchAll(/[^\s,*][^\s,]*/g)].map((m) => ({ text: m[0], start: head[0].length + m.index }));
  return { kind: head[1] as DirectiveKind, ids, ...(reason ? { reason } : {}) };
}

/** The lines of a comment in one, without the stars they begin with. */
function plainText(comment: string): string {
  return comment.split('\n').map((line) => line.trim().replace(/^\*\s*/, '')).filter((line) => line !== '').join(' ');
}
