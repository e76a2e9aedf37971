export interface FuzzProblem { kind: string; seed: number; problem: string }
/** Runs `count` inputs of a kind from a seed on; stops at `until` (milliseconds of performance.now()). */
export function fuzz(kind: 'bytes' | 'mutate' | 'levels' | 'options' | 'lsp' | 'edits', count: number, seed: number, until?: number): Promise<{ problems: FuzzProblem[]; slowest: number; done: number }>;
