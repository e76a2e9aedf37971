// Gives the event loop its turn while a long piece of work is done: requests are heard, and native trees freed.

export class Turns {
  readonly #slice: number;
  #last = performance.now();

  /** Milliseconds of work between two turns. */
  constructor(slice = 5) {
    this.#slice = slice;
  }

  async yield(): Promise<void> {
    if (performance.now() - this.#last < this.#slice) return;
    await turn();
    this.#last = performance.now();
  }
}

interface Channel { port1: { onmessage: (() => void) | null; close(): void }; port2: { postMessage(message: unknown): void } }

/** One turn of the event loop, timers and input included. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    // In a browser's worker, where a timer would wait for milliseconds.
    const { port1, port2 } = new MessageChannel() as unknown as Channel;
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
