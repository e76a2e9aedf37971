// Types spelled in the WDK tables (`struct _DEVICE_OBJECT*`, `const FWPS_FILTER1 *`, `PVOID*`) -> TypeRef. Function types are none.

import type { TypeRef } from './types.js';

/** Annotations and directions that the tables kept from a prototype: SAL names have a lower-case letter, tags such as `_IRP` have none. */
const noise = /\b(?:_[A-Z](?=\w*[a-z])\w*_(?:\([^()]*\))?(?!\w)|__drv_\w+(?:\([^()]*\))?|IN|OUT|OPTIONAL|CONST)(?!\w)/g;

/** The type a table spells, or undefined when it is no plain type. */
export function typeFromText(written: string): TypeRef | undefined {
  // One blank for many: the patterns below try every way to share a row of them out.
  const text = written.replace(/\s+/g, ' ');
  const constBase = /^\s*(?:const|CONST)\b|\b(?:const|CONST)[\s*]*$/.test(text);
  const bare = text.replace(noise, '').replace(/\b(?:const|volatile)\b/g, ' ').replace(/\s+/g, ' ');
  const m = /^\s*((?:struct\s+|union\s+|enum\s+|class\s+)?[A-Za-z_][\w:]*(?:\s+[A-Za-z_]\w*)*)([*\s]*)(?:(&&?)\s*)?(?:\[\s*(?:\w+\s*)?\]\s*)?$/.exec(bare);
  if (!m) return undefined;
  const array = /\]\s*$/.test(bare) ? 1 : 0;
  const type: TypeRef = { base: m[1]!.replace(/\s+/g, ' ').trim(), ptr: (m[2]!.match(/\*/g)?.length ?? 0) + array };
  if (m[3] === '&' || m[3] === '&&') type.ref = m[3];
  if (constBase) type.cv = 1;
  return type;
}
