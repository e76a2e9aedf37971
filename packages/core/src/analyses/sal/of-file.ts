// Every annotation of a file with what it stands on, each once.

import type { Annotation, FileFacts } from '../../model/facts.js';

export interface AnnotationPlace {
  annotation: Annotation;
  on: 'function' | 'parameter' | 'variable' | 'typedef' | 'field' | 'record';
}

export function annotationsOfFile(file: FileFacts): AnnotationPlace[] {
  const found: AnnotationPlace[] = [];
  const seen = new Set<number>();
  const add = (list: readonly Annotation[], on: AnnotationPlace['on']): void => {
    for (const annotation of list) {
      if (seen.has(annotation.start)) continue;
      seen.add(annotation.start);
      found.push({ annotation, on });
    }
  };
  for (const f of file.functions) {
    for (const p of f.params) add(p.annotations, 'parameter');
    add(f.annotations, 'function');
  }
  for (const t of file.typedefs) {
    for (const p of t.type.fn?.params ?? []) add(p.annotations, 'parameter');
    add(t.annotations, 'typedef');
  }
  for (const r of file.records) {
    for (const f of r.fields) add(f.annotations, 'field');
    add(r.annotations, 'record');
  }
  for (const v of file.variables) add(v.annotations, 'variable');
  return found.sort((a, b) => a.annotation.start - b.annotation.start);
}
