// What the annotation rules share: a declaration's own annotations, and where two declarations contradict each other.

export { contradictions, levelValue, type Contradiction } from './comparison.js';
export { functionSal, parameterSal, salOfList, spellsSal, typedefSpellsSal, usesDeclAnnotations } from './own.js';
export { annotationsOfFile, type AnnotationPlace } from './of-file.js';
