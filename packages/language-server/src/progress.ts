// Tells the client that a project is being read: the protocol's progress, begun only when it takes long enough to be worth showing.

import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { WorkProgress } from '@drvlint/project';

const showAfter = 300;

export class Progress {
  readonly #connection: Connection;
  readonly #supported: boolean;
  #reporter: WorkDoneProgressServerReporter | undefined;
  #starting = false;
  #since = 0;
  #latest: WorkProgress | undefined;

  constructor(connection: Connection, supported: boolean) {
    this.#connection = connection;
    this.#supported = supported;
  }

  show(progress: WorkProgress | undefined): void {
    this.#latest = progress;
    if (!this.#supported) return;
    if (!progress) this.#end();
    else if (this.#reporter) this.#report();
    else if (this.#since === 0) this.#since = performance.now();
    else if (!this.#starting && performance.now() - this.#since > showAfter) void this.#begin();
  }

  async #begin(): Promise<void> {
    this.#starting = true;
    try {
      const reporter = await this.#connection.window.createWorkDoneProgress();
      if (this.#latest === undefined) return;
      reporter.begin('drvlint', 0, message(this.#latest), false);
      this.#reporter = reporter;
    } catch {
      // The client does not want it.
    } finally {
      this.#starting = false;
    }
  }

  #report(): void {
    if (this.#latest) this.#reporter?.report(percentage(this.#latest), message(this.#latest));
  }

  #end(): void {
    this.#since = 0;
    this.#reporter?.done();
    this.#reporter = undefined;
  }
}

function percentage({ done, total }: WorkProgress): number {
  return total === 0 ? 0 : Math.round((100 * done) / total);
}

function message({ project, done, total }: WorkProgress): string {
  return total === 0 ? `looking at ${project}` : `${project}: ${done} of ${total} files`;
}
