// Own interfaces from a configuration as what the analysis understands already: a header with annotated prototypes and role types.

import type { Knowledge, KnowledgeEntry } from './parse.js';

/** Text of a header that declares what `knowledge` tells. */
export function knowledgeHeader(knowledge: Knowledge): string {
  const lines: string[] = [];
  for (const [name, row] of Object.entries(knowledge.roles ?? {})) {
    lines.push(`${annotations(row)}_Function_class_(${name}) typedef ${row.returns ?? 'VOID'} ${name}(${parameters(row)});`);
    lines.push(`typedef ${name} *${row.pointer ?? `P${name}`};`);
  }
  for (const [name, row] of Object.entries(knowledge.functions ?? {})) {
    lines.push(`${annotations(row)}${row.returns ?? 'VOID'} ${name}(${parameters(row)});`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function annotations(row: KnowledgeEntry): string {
  const list: string[] = [];
  if (row.min !== undefined) list.push(`_IRQL_requires_min_(${row.min})`);
  if (row.max !== undefined) list.push(`_IRQL_requires_max_(${row.max})`);
  if (row.raises !== undefined) list.push(`_IRQL_raises_(${row.raises})`);
  if (row.sameIrql) list.push('_IRQL_requires_same_');
  if (row.mustCheck) list.push('_Must_inspect_result_');
  return list.map((a) => `${a} `).join('');
}

function parameters(row: KnowledgeEntry): string {
  return row.params === undefined || row.params.length === 0 ? 'VOID' : row.params.join(', ');
}
