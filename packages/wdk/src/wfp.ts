// Callout kinds and the functions their contracts name, over tables/wfp.ts.

import { WFP_ANNOTATIONS, WFP_FUNCTIONS } from './tables/wfp.js';

export type CalloutKind = 'stream-inspection' | 'stream-injection' | 'flow-inspection' | 'flow-injection' | 'transport-inspection' | 'transport-injection'
  | 'connect-redirect' | 'connect-redirect-inline';
export type WfpCall = 'pend' | 'create-redirect-handle' | 'stream-continue' | 'stream-inject' | 'transport-inject' | 'clone';

const grouped = (text: string): Map<string, string[]> => new Map(text.split('\n').map((row) => {
  const [key, ...values] = row.split(' ');
  return [key!, values];
}));

let annotations: Map<string, string[]> | undefined;
let functions: Map<string, WfpCall> | undefined;

/** Kinds of callout an annotation says a function is; empty for any other annotation. */
export function calloutKinds(annotation: string): readonly CalloutKind[] {
  annotations ??= grouped(WFP_ANNOTATIONS);
  return (annotations.get(annotation) ?? []) as CalloutKind[];
}

/** What a WFP function does as far as a callout's contract is concerned, by its name with or without version digit. */
export function wfpCall(name: string): WfpCall | undefined {
  if (!name.startsWith('Fwps')) return undefined;
  functions ??= new Map([...grouped(WFP_FUNCTIONS)].flatMap(([meaning, names]) => names.map((n): [string, WfpCall] => [n, meaning as WfpCall])));
  return functions.get(name.replace(/\d$/, ''));
}
