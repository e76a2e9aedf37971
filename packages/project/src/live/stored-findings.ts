// The form in which findings are remembered between sessions: with a key of everything they depend on.

import type { Finding } from '@drvlint/core';

/** Undefined for what cannot be read. */
export function parseStored(text: string): { key: string; findings: Finding[] } | undefined {
  try {
    const data = JSON.parse(text) as { key?: unknown; findings?: unknown };
    return typeof data.key === 'string' && Array.isArray(data.findings) ? { key: data.key, findings: data.findings as Finding[] } : undefined;
  } catch {
    return undefined;
  }
}
