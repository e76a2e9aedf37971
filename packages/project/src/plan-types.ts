// What a run is going to analyse: projects, their units, and what their build files say about them. Paths are absolute.

import type { Arch } from '@drvlint/core';

/** What the build says about compiling a file; files compiled alike share one object. */
export interface UnitSettings {
  defines: Readonly<Record<string, string>>;
  undefines: readonly string[];
  includeDirs: readonly string[];
  /** As written: names or paths. */
  forcedIncludes: readonly string[];
  language?: 'c' | 'cpp';
}

/** A file that is compiled by itself. */
export interface PlanUnit { file: string; settings: UnitSettings }

export interface ProjectPlan {
  name: string;
  /** For the reader: `drv/drv.vcxproj, Release|x64, KMDF`. */
  why: string;
  /** Folder of the build file, or the path given. */
  root: string;
  kind: 'kernel' | 'user' | 'unknown';
  arch: Arch;
  units: PlanUnit[];
  /** Units, listed headers, and everything they include with quotes. Sorted. */
  files: string[];
  /** Of a Visual C++ project: `Release|x64`. */
  configuration?: string;
  driverType?: string;
  /** Set when only a part of the project is read, in words. */
  partial?: string;
}

export const noSettings: UnitSettings = { defines: {}, undefines: [], includeDirs: [], forcedIncludes: [] };
