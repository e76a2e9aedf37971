// The major functions that a dispatch routine's `_Dispatch_type_` annotations name, as numbers.

import { constantOf } from '@drvlint/wdk';
import { salOf } from '../../model/annotations-of.js';
import { salValue } from '../../model/annotations.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';

/** Stand for "any other"; as is -1. */
const anyMajor = new Set(['IRP_MJ_OTHER', 'IRP_MJ_ALL']);

/** Number of an IRP_MJ_ or IRP_MN_ name, or of a constant; undefined when unknown. */
export function majorNumber(project: Project, name: string, file: FileFacts): number | undefined {
  if (/^\d/.test(name)) return Number(name);
  return constantOf(name) ?? project.valueOf({ k: 'name', name, start: 0, end: 0 }, file);
}

export interface DispatchTypes {
  /** Names as written, in order. */
  names: string[];
  numbers: Set<number>;
  /** IRP_MJ_OTHER, -1 or something unknown is among them: no slot contradicts it. */
  open: boolean;
}

export function dispatchTypes(project: Project, fn: Func): DispatchTypes {
  const types: DispatchTypes = { names: [], numbers: new Set(), open: false };
  for (const sal of salOf(project, fn)) {
    if (sal.kind !== 'dispatch-type') continue;
    const [arg] = sal.args;
    const text = arg?.text.replace(/\s/g, '') ?? '';
    types.names.push(text);
    const value = anyMajor.has(text) || !arg ? undefined : salValue(arg, (name) => majorNumber(project, name, sal.file));
    if (value === undefined || value < 0) types.open = true;
    else types.numbers.add(value);
  }
  return types;
}
