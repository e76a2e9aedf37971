// What a Visual C++ project says about its sources: the compiled files with their defines, include folders and forced includes,
// the headers it lists, what it builds and for which side of the system, and the projects it references.

import path from 'node:path';
import type { Arch } from '@drvlint/core';
import { fromBuildFile } from '../paths.js';
import type { FileProblem } from '../problems.js';
import { evaluateProject, type Evaluation, type Item, type ProjectXml } from './evaluate.js';
import type { PlanUnit, UnitSettings } from '../plan-types.js';

export interface VcxProject {
  file: string;
  name: string;
  /** `Release|x64`. */
  configuration: string;
  kind: 'kernel' | 'user' | 'unknown';
  /** `KMDF`, `WDM`, `UMDF`, ... as written; '' when not. */
  driverType: string;
  isStaticLibrary: boolean;
  /** The file itself could not be read; `problems` says why. */
  isBroken: boolean;
  units: PlanUnit[];
  headers: string[];
  references: string[];
  problems: FileProblem[];
}

/** `wanted` is a configuration to take instead of the release one, as `Debug|x64`. */
export function readVcxProject(file: string, arch: Arch, xml: ProjectXml, wanted?: string): VcxProject {
  const configuration = chooseConfiguration(configurationsOf(file, xml), arch, wanted);
  const [name, platform] = configuration.split('|');
  const evaluation = evaluateProject(file, { Configuration: name, Platform: platform }, xml);
  const property = (key: string): string => evaluation.properties.get(key) ?? '';
  const folder = path.dirname(file);
  const present = (f: string): boolean => xml.directories.findFile(f) !== undefined;
  const missing: FileProblem[] = [];
  const units: PlanUnit[] = [];
  for (const item of evaluation.items.get('ClCompile') ?? []) {
    if (item.metadata.get('excludedfrombuild')?.toLowerCase() === 'true') continue;
    const settings = settingsOf(item, folder);
    for (const f of item.files) {
      if (present(f)) units.push({ file: f, settings });
      else missing.push({ file: f, reason: `listed in ${path.basename(file)}, but there is no such file`, note: true });
    }
  }
  return {
    file, name: path.basename(file, path.extname(file)), configuration, units,
    kind: kindOf(property('drivertype'), property('platformtoolset'), property('configurationtype')),
    driverType: property('drivertype'),
    isStaticLibrary: property('configurationtype').toLowerCase() === 'staticlibrary',
    isBroken: evaluation.problems.some((p) => p.file === file),
    headers: filesOf(evaluation, 'ClInclude').filter(present),
    references: filesOf(evaluation, 'ProjectReference').filter(present),
    problems: [...evaluation.problems, ...missing],
  };
}

function filesOf(evaluation: Evaluation, type: string): string[] {
  return (evaluation.items.get(type) ?? []).flatMap((item) => item.files);
}

/** Listed in the project itself, else in a file it imports. */
function configurationsOf(file: string, xml: ProjectXml): string[] {
  const parsed = xml.parse(file);
  const groups = 'root' in parsed ? parsed.root.children.filter((e) => e.name === 'ItemGroup') : [];
  const own = groups.flatMap((g) => g.children).filter((e) => e.name === 'ProjectConfiguration').map((e) => e.attributes.Include ?? '');
  if (own.length > 0) return own;
  const { items } = evaluateProject(file, { Configuration: 'Release', Platform: 'x64' }, xml);
  return (items.get('ProjectConfiguration') ?? []).map((item) => item.include);
}

const platforms: Record<Arch, readonly string[]> = { amd64: ['x64'], arm64: ['arm64'], x86: ['win32', 'x86'] };

/** The release configuration of the architecture; among several (`Win10 Release`, `Win11 Release`) the last listed. */
export function chooseConfiguration(listed: readonly string[], arch: Arch, wanted?: string): string {
  if (wanted !== undefined && listed.some((c) => c.toLowerCase() === wanted.toLowerCase())) return wanted;
  const split = listed.map((c) => ({ c, name: c.split('|')[0].toLowerCase(), platform: (c.split('|')[1] ?? '').toLowerCase() }));
  const fits = split.filter((s) => platforms[arch].includes(s.platform));
  const exact = fits.find((s) => s.name === 'release');
  const release = exact ?? fits.filter((s) => /release/.test(s.name)).at(-1) ?? fits[0] ?? split.find((s) => /release/.test(s.name)) ?? split[0];
  return release?.c ?? 'Release|x64';
}

function settingsOf(item: Item, folder: string): UnitSettings {
  const list = (key: string): string[] => (item.metadata.get(key) ?? '').split(';').map((s) => s.trim()).filter((s) => s !== '' && !s.includes('%('));
  const defines: Record<string, string> = {};
  for (const define of list('preprocessordefinitions')) {
    const equals = define.indexOf('=');
    if (equals < 0) defines[define] = '1';
    else defines[define.slice(0, equals)] = define.slice(equals + 1);
  }
  const compileAs = (item.metadata.get('compileas') ?? '').toLowerCase();
  return {
    defines,
    undefines: list('undefinepreprocessordefinitions'),
    includeDirs: list('additionalincludedirectories').map((d) => fromBuildFile(folder, d)),
    forcedIncludes: list('forcedincludefiles'),
    ...(compileAs === 'compileascpp' ? { language: 'cpp' as const } : compileAs === 'compileasc' ? { language: 'c' as const } : {}),
  };
}

function kindOf(driverType: string, toolset: string, configurationType: string): VcxProject['kind'] {
  if (/^umdf$/i.test(driverType)) return 'user';
  if (/^(?:kmdf|wdm|ndis|miniport|exportdriver)$/i.test(driverType) && !/user|application/i.test(toolset)) return 'kernel';
  if (/kernelmode/i.test(toolset) || /^driver$/i.test(configurationType)) return 'kernel';
  if (/usermode|applicationfordrivers|^v\d{3}/i.test(toolset)) return 'user';
  // A driver says so; only a static library may be linked into either.
  return /^(?:application|dynamiclibrary)$/i.test(configurationType) ? 'user' : 'unknown';
}
