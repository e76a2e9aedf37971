// Which role types stand for each other. Sources: the WDK's own aliases (roles.json aliasOf) and the exemptions of Microsoft's
// driver suite (RoleTypeCorrectlyUsed, MultipleFunctionClassAnnotations), see rules.md `role-type-mismatch`.

import { role } from './roles.js';

/** [pattern, class]: roles that map to the same text are interchangeable. */
const CLASSES: readonly [RegExp, string][] = [
  [/^EVT_WDF_(?:\w+_)?CONTEXT_CLEANUP(?:_CALLBACK)?$/, 'EVT_WDF_OBJECT_CONTEXT_CLEANUP'],
  [/^EVT_WDF_(?:\w+_)?CONTEXT_DESTROY(?:_CALLBACK)?$/, 'EVT_WDF_OBJECT_CONTEXT_DESTROY'],
  [/^EVT_WDF_DEVICE_ARM_WAKE_FROM_S\w+$/, 'EVT_WDF_DEVICE_ARM_WAKE_FROM_S*'],
  [/^EVT_WDF_DEVICE_DISARM_WAKE_FROM_S\w+$/, 'EVT_WDF_DEVICE_DISARM_WAKE_FROM_S*'],
  [/^EVT_WDF_IO_QUEUE_IO_(?:INTERNAL_)?DEVICE_CONTROL$/, 'EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL'],
  [/^(?:FILTER|MINIPORT|PROTOCOL)_SET_OPTIONS$/, 'SET_OPTIONS'],
];

/** The name under which all interchangeable roles meet; the name itself for one that stands alone. */
export function roleClass(name: string): string {
  const known = role(name);
  let base = known ? known.role : name;
  for (const [pattern, target] of CLASSES) if (pattern.test(base)) return target;
  if (known?.aliasOf) return known.aliasOf;
  // The kit has a pointer type alone here; projects write the function type themselves, under the name it would have.
  if (known && !known.hasFunctionType && /^P[A-Z]/.test(base) && !role(base.slice(1))) base = base.slice(1);
  if (/^FWPS?_\w+\d$/.test(base)) base = base.replace(/(?<!\d)\d+$/, '');
  return base.replace(/_PAGED$/, '');
}

/** True when a function declared with role `a` may be used where `b` is expected. Pointer type names count as their role. */
export function interchangeable(a: string, b: string): boolean {
  return a === b || roleClass(a) === roleClass(b);
}
