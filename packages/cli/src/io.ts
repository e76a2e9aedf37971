// What a command may touch of the process it runs in; tests put their own in its place.

export interface Io {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Standard output: the report only. */
  out(text: string): void;
  /** Standard error: summary, notes, progress, problems. */
  err(text: string): void;
  /** Width of the terminal, when there is one. */
  columns?: number;
  outIsTerminal: boolean;
  errIsTerminal: boolean;
  stdin(): Promise<string>;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}
