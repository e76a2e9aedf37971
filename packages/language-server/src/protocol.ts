// What server and client of drvlint say to each other beyond the protocol. Other clients need none of it.

/** `initializationOptions` of a client. All of it may be missing. */
export interface InitializationOptions {
  /** Folder in which findings are remembered between sessions. */
  storagePath?: string;
  /** Settings of a client that cannot be asked for its configuration. */
  settings?: unknown;
  /** 'push' although the client could ask, 'pull', or what the client can. */
  diagnostics?: 'push' | 'pull' | 'auto';
  /** Commands the client carries out itself. */
  clientCommands?: string[];
  /** The client wants `drvlint/status` and `drvlint/analysed`. */
  status?: boolean;
}

export const methods = {
  /** Notification: what the server is doing. */
  status: 'drvlint/status',
  /** Notification: the analysis of a document has changed. */
  analysed: 'drvlint/analysed',
  /** Request: lines that run at DISPATCH_LEVEL and above. */
  raisedLines: 'drvlint/raisedLines',
  /** Request: the level at a position, in Markdown. */
  levelAt: 'drvlint/levelAt',
  /** Request: how much of a document was analysed. */
  coverage: 'drvlint/coverage',
  /** Request: all findings of the open files in Markdown. */
  report: 'drvlint/report',
  /** Request: page of a rule in Markdown. */
  rulePage: 'drvlint/rulePage',
  /** Requests from the server to a client without a disk. */
  listFiles: 'drvlint/listFiles',
  readFiles: 'drvlint/readFiles',
} as const;

export interface StatusMessage {
  state: 'reading' | 'ready' | 'failed';
  text: string;
}

export interface CoverageMessage {
  functions: number;
  analysed: number;
  project: string;
  partial?: string;
  findings: { error: number; warning: number; info: number; suppressed: number };
}
