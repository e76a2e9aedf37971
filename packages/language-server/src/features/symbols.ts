// Document symbols: functions with their roles and entry levels, and the types they work on.

import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver';
import type { FunctionDecl, RecordDecl } from '@drvlint/core';
import type { FileView } from '@drvlint/project';
import { rangeAt } from '../positions.js';
import { rolesOf } from './function-text.js';
import { engineOf } from './lookup.js';
import { shortMask } from './wdk.js';

export function symbolsOf(view: FileView): DocumentSymbol[] {
  const { facts } = view;
  const functions = facts.functions.filter((f) => f.isDefinition && f.insideOf === undefined).map((f) => functionSymbol(view, f));
  const records = facts.records.filter((r) => r.name || r.typedefName).map((r) => recordSymbol(view, r));
  return [...functions, ...records].sort((a, b) => a.range.start.line - b.range.start.line);
}

function functionSymbol(view: FileView, decl: FunctionDecl): DocumentSymbol {
  const { lineStarts } = view.facts;
  const detail = detailOf(view, decl);
  return {
    name: decl.qualified || '(unnamed)', kind: decl.isMember ? SymbolKind.Method : SymbolKind.Function, ...(detail ? { detail } : {}),
    range: rangeAt(lineStarts, Math.min(decl.start, decl.nameStart), Math.max(decl.end, decl.nameEnd)), selectionRange: rangeAt(lineStarts, decl.nameStart, decl.nameEnd),
  };
}

function detailOf(view: FileView, decl: FunctionDecl): string {
  const fn = view.project.funcOf(decl);
  if (!fn) return '';
  const engine = engineOf(view.project);
  const entry = engine?.entryOf(fn);
  const level = engine && entry?.known && entry.mask !== engine.scale.all ? shortMask(entry.mask, engine.scale) : '';
  const given = decl.notAnalysed !== undefined ? 'not analysed' : '';
  return [rolesOf(view.project, fn).map((r) => r.role).join(', '), level, given].filter(Boolean).join(' · ');
}

function recordSymbol(view: FileView, record: RecordDecl): DocumentSymbol {
  const { lineStarts } = view.facts;
  const range = rangeAt(lineStarts, record.start, record.end);
  const children = record.fields.filter((f) => f.name).map((f): DocumentSymbol => ({
    name: f.name, kind: SymbolKind.Field, range: rangeAt(lineStarts, Math.min(f.start, f.nameStart), Math.max(f.end, f.nameStart + f.name.length)),
    selectionRange: rangeAt(lineStarts, f.nameStart, f.nameStart + f.name.length),
  }));
  return { name: record.typedefName ?? record.name, kind: record.kind === 'class' ? SymbolKind.Class : SymbolKind.Struct, range, selectionRange: range, children };
}
