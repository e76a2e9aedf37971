// What a workspace of an editor is told, tells, and keeps of its open files.

import type { FileFacts, InternalProblem, Project, Rule, SourceText, SyntaxParser } from '@drvlint/core';
import type { Overrides } from '../config/configurations.js';
import type { FileProblem } from '../problems.js';

export interface WorkspaceOptions {
  /** The folder; paths in reports are relative to it. */
  cwd: string;
  rules: readonly Rule[];
  parser: SyntaxParser;
  overrides?: Overrides;
  /** Look at open files and what belongs to them only, not at the whole folder. */
  aroundFiles?: boolean;
  /** Milliseconds without an edit before work begins. */
  debounce?: number;
  /** Milliseconds after which a file nothing is known of is shown what is known without levels; 1,000 by default. */
  partAfter?: number;
  /** A project with more files is read around the open ones only. */
  maxFiles?: number;
  /** Projects without an open file that are kept. */
  maxIdle?: number;
  /** Findings of the last session, by key; for a quick start. */
  memory?: FindingsMemory;
  /** Of drvlint: what another version found is not remembered. */
  version?: string;
  onProgress?(progress: WorkProgress | undefined): void;
  /** Findings of an open file are those of its present text, all of them or the first part, or those of the last session for it. */
  onFindings?(file: string): void;
  onProblems?(problems: readonly FileProblem[]): void;
  onInternal?(problem: InternalProblem): void;
}

export interface WorkProgress { project: string; done: number; total: number }

/** Keeps findings between sessions. Any answer may be missing. */
export interface FindingsMemory {
  load(key: string): Promise<string | undefined>;
  save(key: string, value: string): void;
}

/** What is known of an open file now. */
export interface FileView {
  file: string;
  /** The project that has most to say: the one with the most files. */
  project: Project;
  facts: FileFacts;
  source: SourceText;
  projects: readonly Project[];
  /** Changes whenever the answers may. */
  generation: string;
}

/** How much of a file was analysed. */
export interface Coverage { functions: number; analysed: number; reasons: { start: number; end: number; function?: string; reason: string }[]; project: string; partial?: string }

export interface OpenFile {
  text: string;
  /** The text on disk, as far as it is known. */
  saved?: string;
  due: number;
  /** When the whole file may be looked at again: not between two keystrokes. */
  calm: number;
  edited: number;
  shown?: boolean;
  /** Text whose findings were put into the memory. */
  stored?: string;
}

export interface Waiter {
  file: string;
  text: string;
  need: 'facts' | 'foreseen' | 'findings';
  /** It does not wait for the editor to rest. */
  urgent: boolean;
  resolve(): void;
}
