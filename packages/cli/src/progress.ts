// A line on a terminal's standard error that says how far the run is; nothing anywhere else.

import type { Progress } from '@drvlint/project';
import type { Io } from './io.js';
import { printable } from './printable.js';

export class ProgressLine {
  readonly #io: Io;
  readonly #on: boolean;
  #last = 0;
  #shown = false;

  constructor(io: Io, off: boolean) {
    this.#io = io;
    this.#on = !off && io.errIsTerminal && !io.env.CI;
  }

  show({ project, done, total }: Progress): void {
    const now = performance.now();
    if (!this.#on || now - this.#last < 100) return;
    this.#last = now;
    this.#shown = true;
    this.#io.err(`\r\u001b[K${printable(project).slice(0, 40)} ${done}/${total}`);
  }

  clear(): void {
    if (this.#shown) this.#io.err('\r\u001b[K');
  }
}
