// What ESLint and rules see of a file: text, tree, positions, traversal and `eslint-disable` comments.

import type { TraversalStep } from '@eslint/core';
import { ConfigCommentParser, Directive, VisitNodeStep } from '@eslint/plugin-kit';
import { offsetAt, positionAt, scanFile, type SourceText } from '@drvlint/core';
import type { SyntaxNode } from './syntax-nodes.js';

const comments = new ConfigCommentParser();
const DIRECTIVES = new Map([['eslint-disable', 'disable'], ['eslint-enable', 'enable'], ['eslint-disable-next-line', 'disable-next-line'], ['eslint-disable-line', 'disable-line']] as const);

type Place = SyntaxNode | { loc: SyntaxNode['loc']; range: [number, number] };

export class DrvlintSourceCode {
  readonly text: string;
  readonly ast: SyntaxNode;
  /** ESLint's rules for JavaScript look for it; there is nothing of the kind. */
  readonly visitorKeys: Record<string, string[]>;
  private steps?: TraversalStep[];
  private lineList?: string[];

  constructor(readonly source: SourceText, ast: SyntaxNode, readonly language: 'c' | 'cpp', visitorKeys: Record<string, string[]>) {
    this.text = source.text;
    this.ast = ast;
    this.visitorKeys = visitorKeys;
  }

  get lines(): string[] {
    return this.lineList ??= this.text.split(/\r\n|\n|\r/);
  }

  getLoc(node: Place): SyntaxNode['loc'] {
    return node.loc;
  }

  getRange(node: Place): [number, number] {
    return node.range;
  }

  getText(node?: SyntaxNode, before = 0, after = 0): string {
    if (!node) return this.text;
    return this.text.slice(Math.max(0, node.range[0] - before), node.range[1] + after);
  }

  getParent(node: SyntaxNode): SyntaxNode | undefined {
    return node.parent ?? undefined;
  }

  getAncestors(node: SyntaxNode): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    for (let n = node.parent; n; n = n.parent) found.unshift(n);
    return found;
  }

  /** Line from 1, column from 0, as ESLint's own languages have it. */
  getLocFromIndex(index: number): { line: number; column: number } {
    const { line, column } = positionAt(this.source, index);
    return { line, column: column - 1 };
  }

  getIndexFromLoc({ line, column }: { line: number; column: number }): number {
    return offsetAt(this.source, { line, column: column + 1 });
  }

  traverse(): Iterable<TraversalStep> {
    if (this.steps) return this.steps;
    const steps: TraversalStep[] = [];
    const visit = (node: SyntaxNode): void => {
      steps.push(new VisitNodeStep({ target: node, phase: 1, args: [node, node.parent] }));
      for (const child of node.children) visit(child);
      steps.push(new VisitNodeStep({ target: node, phase: 2, args: [node, node.parent] }));
    };
    visit(this.ast);
    this.steps = steps;
    return steps;
  }

  getDisableDirectives(): { problems: never[]; directives: Directive[] } {
    const directives: Directive[] = [];
    // Most files have none, and need no look for comments.
    if (!/eslint-(?:dis|en)able/.test(this.text)) return { problems: [], directives };
    for (const comment of scanFile(this.source).directiveComments) {
      const read = comments.parseDirective(comment.text.replace(/^\/\*|\*\/$|^\/\//g, '').trim());
      const type = read && DIRECTIVES.get(read.label as 'eslint-disable');
      if (!type) continue;
      const range: [number, number] = [comment.start, comment.end];
      const node = { type: 'comment', range, loc: { start: this.getLocFromIndex(range[0]), end: this.getLocFromIndex(range[1]) }, value: comment.text };
      directives.push(new Directive({ type, node, value: read.value, justification: read.justification }));
    }
    return { problems: [], directives };
  }
}
