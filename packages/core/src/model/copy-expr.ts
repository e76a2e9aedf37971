// Copies of expression nodes with another range. Written out by kind: a copy is of the shape that lowering gives the node, and a spread
// of nodes of twenty kinds costs ten times as much.

import type { Range } from '../source/range.js';
import type { Expr } from './expr.js';

/** The node itself again, its parts shared, at `at`; a field's name lies there too. */
export function copyAt(e: Expr, at: Range): Expr {
  const { start, end } = at;
  switch (e.k) {
    case 'name': return { k: 'name', start, end, name: e.name };
    case 'num': return e.float ? { k: 'num', start, end, value: e.value, float: true, text: e.text } : { k: 'num', start, end, value: e.value, text: e.text };
    case 'str': return { k: 'str', start, end, text: e.text };
    case 'char': return { k: 'char', start, end, text: e.text, value: e.value };
    case 'unary': return { k: 'unary', start, end, op: e.op, e: e.e };
    case 'update': return { k: 'update', start, end, op: e.op, prefix: e.prefix, e: e.e };
    case 'binary': return { k: 'binary', start, end, op: e.op, l: e.l, r: e.r };
    case 'assign': return { k: 'assign', start, end, op: e.op, l: e.l, r: e.r };
    case 'comma': return { k: 'comma', start, end, l: e.l, r: e.r };
    case 'call': return { k: 'call', start, end, callee: e.callee, args: e.args };
    case 'field': return { k: 'field', start, end, e: e.e, name: e.name, arrow: e.arrow, nameStart: start };
    case 'index': return { k: 'index', start, end, e: e.e, i: e.i };
    case 'cast': return { k: 'cast', start, end, cast: e.cast, type: e.type, e: e.e };
    case 'cond': return { k: 'cond', start, end, c: e.c, a: e.a, b: e.b };
    case 'unknown': return { k: 'unknown', start, end, parts: e.parts };
    default: return { ...e, start, end };
  }
}
