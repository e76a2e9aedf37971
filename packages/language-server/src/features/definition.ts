// Where a name leads: from a callback's own name to the places it is registered at, from a use to the definition; as a declaration, to
// the one that gives a function its role.

import type { Position } from 'vscode-languageserver';
import type { Func } from '@drvlint/core';
import type { FileView } from '@drvlint/project';
import { offsetAt } from '../positions.js';
import { declaredAt, functionNamed, wordAt } from './lookup.js';

export interface Target { file: string; start: number; end: number }

function named(view: FileView, position: Position): { fn: Func; own: boolean } | undefined {
  const offset = offsetAt(view.facts.lineStarts, view.facts.length, position);
  const word = wordAt(view, offset);
  const fn = word && functionNamed(view, word);
  return fn && { fn, own: declaredAt(view.facts, word.start) !== undefined };
}

export function definitionsAt(view: FileView, position: Position): Target[] {
  const found = named(view, position);
  if (!found) return [];
  const { fn, own } = found;
  if (own) {
    const registrations = view.project.registrationsOf(fn).map((r) => ({ file: r.file.path, start: r.start, end: r.end }));
    if (registrations.length > 0) return registrations;
  }
  const at = fn.def ?? fn.decls[0];
  return [{ file: at.file.path, start: at.decl.nameStart, end: at.decl.nameEnd }];
}

export function declarationsAt(view: FileView, position: Position): Target[] {
  const found = named(view, position);
  if (!found) return [];
  const { fn } = found;
  const roles = view.project.rolesOf(fn).filter((r) => r.reason === 'declaration' || r.reason === 'function-class' || r.reason === 'typedef');
  if (roles.length > 0) return roles.map((r) => ({ file: r.file.path, start: r.start, end: r.end }));
  return fn.decls.filter((d) => !d.decl.isDefinition).map((d) => ({ file: d.file.path, start: d.decl.nameStart, end: d.decl.nameEnd }));
}
