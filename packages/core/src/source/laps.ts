// Time spent in what is made on first use and shared: whoever asks first should not be charged for it. Laps may nest; each has the
// time that no inner one has.

const spent = new Map<string, number>();
let depth = 0;
let nested = 0;
let total = 0;

/** Runs `make` and notes its time under `name`. */
export function lap<T>(name: string, make: () => T): T {
  const from = performance.now();
  const outer = nested;
  nested = 0;
  depth++;
  try {
    return make();
  } finally {
    const ms = performance.now() - from;
    spent.set(name, (spent.get(name) ?? 0) + ms - nested);
    nested = outer + ms;
    if (--depth === 0) {
      total += ms;
      nested = 0;
    }
  }
}

/** Milliseconds of all laps so far. */
export function lapTotal(): number {
  return total;
}

/** Milliseconds by name since this was asked last. */
export function takeLaps(): Map<string, number> {
  const taken = new Map(spent);
  spent.clear();
  return taken;
}
