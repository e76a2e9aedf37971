// How a tree is divided into projects, and what build files say about them.

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Directories, discover, displayPath, planProjects, Sources, type ProjectPlan } from '@drvlint/project';
import { testRules } from '../harness/plain-rule.js';
import { addFiles, drvlint, scratch } from '../harness/scratch.js';

async function plans(cwd: string, inputs: string[] = ['.'], configuration?: string): Promise<{ plans: ProjectPlan[]; problems: string[] }> {
  const planned = await planProjects(await discover(cwd, inputs), { cwd, arch: 'amd64', directories: new Directories(), sources: new Sources(cwd), ...(configuration ? { configuration } : {}) });
  return { plans: planned.projects.map((p) => p.plan), problems: planned.problems.map((p) => `${displayPath(cwd, p.file)}: ${p.reason}`) };
}
const short = (cwd: string, list: ProjectPlan[]) => list.map((p) => ({ name: p.name, why: p.why, files: p.files.map((f) => displayPath(cwd, f)) }));

const vcxproj = (inner: string, driver = 'KMDF', type = 'Driver') => `<?xml version="1.0" encoding="utf-8"?>
<Project DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <ItemGroup Label="ProjectConfigurations">
    <ProjectConfiguration Include="Debug|x64"><Configuration>Debug</Configuration><Platform>x64</Platform></ProjectConfiguration>
    <ProjectConfiguration Include="Release|ARM64"/><ProjectConfiguration Include="Release|x64"/>
  </ItemGroup>
  <Import Project="$(VCTargetsPath)\\Microsoft.Cpp.Default.props" />
  <PropertyGroup Condition="'$(Configuration)|$(Platform)'=='Release|x64'"><DriverType>${driver}</DriverType></PropertyGroup>
  <PropertyGroup><ConfigurationType>${type}</ConfigurationType><PlatformToolset>WindowsKernelModeDriver10.0</PlatformToolset></PropertyGroup>
  ${inner}
</Project>`;

describe('Visual C++ projects', () => {
  it('list units and headers, defines, folders and forced includes under the release configuration', async () => {
    const cwd = scratch({
      'drv/drv.vcxproj': vcxproj(`
        <ItemDefinitionGroup Condition="'$(Configuration)'=='Release'"><ClCompile>
          <PreprocessorDefinitions>%(PreprocessorDefinitions);RELEASE;LEVEL=2;NAME=$(TargetName)</PreprocessorDefinitions>
          <AdditionalIncludeDirectories>%(AdditionalIncludeDirectories);..\\inc;$(ProjectDir)own</AdditionalIncludeDirectories>
          <ForcedIncludeFiles>pre.h</ForcedIncludeFiles></ClCompile></ItemDefinitionGroup>
        <ItemDefinitionGroup Condition="'$(Configuration)'=='Debug'"><ClCompile><PreprocessorDefinitions>CHECKED</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup>
        <PropertyGroup><TargetName>$(MSBuildProjectName)x</TargetName></PropertyGroup>
        <ItemGroup><ClCompile Include="A.C; src\\b.cpp" /><ClCompile Include="c.c"><ExcludedFromBuild Condition="'$(Configuration)'=='Release'">true</ExcludedFromBuild></ClCompile>
          <ClCompile Include="gone.c" /><ClInclude Include="drv.h" /></ItemGroup>`),
      'drv/a.c': '#include "common.h"\n', 'drv/src/b.cpp': '', 'drv/c.c': '', 'drv/drv.h': '', 'drv/pre.h': '', 'inc/common.h': '#include "deeper/more.h"\n', 'inc/deeper/more.h': '',
    });
    const { plans: list, problems } = await plans(cwd);
    expect(short(cwd, list)[0]).toEqual({
      name: 'drv', why: 'drv/drv.vcxproj (Release|x64, KMDF)', files: ['drv/a.c', 'drv/drv.h', 'drv/pre.h', 'drv/src/b.cpp', 'inc/common.h', 'inc/deeper/more.h'],
    });
    expect(list[0].kind).toBe('kernel');
    expect(list[0].units[0].settings).toMatchObject({ defines: { RELEASE: '1', LEVEL: '2', NAME: 'drvx' }, includeDirs: [path.join(cwd, 'inc'), path.join(cwd, 'drv', 'own')], forcedIncludes: ['pre.h'] });
    expect(problems).toEqual(['drv/gone.c: listed in drv.vcxproj, but there is no such file']);
    expect((await plans(cwd, ['.'], 'Debug|x64')).plans[0].units[0].settings.defines).toEqual({ CHECKED: '1' });
  });

  it('take in the static libraries they reference', async () => {
    const cwd = scratch({
      'app/app.vcxproj': vcxproj('<ItemGroup><ClCompile Include="*.c"/><ProjectReference Include="..\\lib\\lib.vcxproj"/></ItemGroup>', 'WDM'),
      'app/a.c': '', 'app/b.c': '', 'lib/lib.vcxproj': vcxproj('<ItemGroup><ClCompile Include="l.c"/></ItemGroup>', 'WDM', 'StaticLibrary'), 'lib/l.c': '',
      'tool/tool.vcxproj': vcxproj('<ItemGroup><ClCompile Include="t.c"/></ItemGroup>', 'UMDF', 'DynamicLibrary'), 'tool/t.c': '',
    });
    const { plans: list } = await plans(cwd);
    expect(short(cwd, list)).toEqual([
      { name: 'app', why: 'app/app.vcxproj (Release|x64, WDM, with lib)', files: ['app/a.c', 'app/b.c', 'lib/l.c'] },
      { name: 'tool', why: 'tool/tool.vcxproj (Release|x64, UMDF)', files: ['tool/t.c'] },
    ]);
    expect(list.map((p) => p.kind)).toEqual(['kernel', 'user']);
  });

  it('are for user mode when they make a program or a library and no driver, whatever tools build them', async () => {
    const of = (type: string): string => `<Project><PropertyGroup><ConfigurationType>${type}</ConfigurationType><PlatformToolset>$(Own)</PlatformToolset></PropertyGroup>
      <ItemGroup><ProjectConfiguration Include="Release|x64"/><ClCompile Include="a.c"/></ItemGroup></Project>`;
    const cwd = scratch({
      'dll/dll.vcxproj': of('DynamicLibrary'), 'dll/a.c': '', 'exe/exe.vcxproj': of('Application'), 'exe/a.c': '', 'lib/lib.vcxproj': of('StaticLibrary'), 'lib/a.c': '',
    });
    expect((await plans(cwd)).plans.map((p) => [p.name, p.kind])).toEqual([['dll', 'user'], ['exe', 'user'], ['lib', 'unknown']]);
  });

  it('read props files, Directory.Build.props and choices', async () => {
    const cwd = scratch({
      'Directory.Build.props': '<Project><PropertyGroup><Shared>1</Shared></PropertyGroup></Project>',
      'build/common.props': `<Project><PropertyGroup Condition="exists('$(MSBuildThisFileDirectory)common.props') and !('$(Shared)'=='')"><Flag>SEEN</Flag></PropertyGroup>
        <ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>COMMON;%(PreprocessorDefinitions)</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup></Project>`,
      'd/d.vcxproj': vcxproj(`<Import Project="$(MSBuildProjectDirectory)\\..\\build\\common.props" /><Import Project="..\\none.props" Condition="exists('..\\none.props')" />
        <Choose><When Condition="'$(Flag)'=='SEEN'"><PropertyGroup><Pick>A</Pick></PropertyGroup></When><Otherwise><PropertyGroup><Pick>B</Pick></PropertyGroup></Otherwise></Choose>
        <ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>$(Flag);PICK=$(Pick);$(Configuration.ToUpper());%(PreprocessorDefinitions)</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup>
        <ItemGroup Condition="$(Configuration.EndsWith('ease')) And '1' &lt; '2'"><ClCompile Include="$(ProjectDir)d.c" /></ItemGroup>`),
      'd/d.c': '',
    });
    expect((await plans(cwd)).plans[0].units[0].settings.defines).toEqual({ SEEN: '1', PICK: 'A', RELEASE: '1', COMMON: '1' });
  });

  it('that cannot be read are told, and their folder is analysed all the same', async () => {
    const cwd = scratch({ 'x/x.vcxproj': '<Project><ItemGroup>', 'x/a.c': 'void F(void) { Forbidden(); }\n', 'y/y.vcxproj': 'not xml', 'y/b.c': '' });
    const { plans: list, problems } = await plans(cwd);
    expect(problems).toEqual([expect.stringMatching(/^x\/x\.vcxproj: cannot be read as a project: /), 'y/y.vcxproj: cannot be read as a project: line 1: Root element is missing or invalid']);
    expect(short(cwd, list).map((p) => [p.why, p.files])).toEqual([['files below x/x.vcxproj', ['x/a.c']], ['files below y/y.vcxproj', ['y/b.c']]]);
  });

  it('keep two drivers apart that define the same names', async () => {
    const one = (name: string) => ({
      [`${name}/${name}.vcxproj`]: vcxproj(`<ItemGroup><ClCompile Include="a.c"/><ClCompile Include="b.c"/></ItemGroup>`),
      [`${name}/a.c`]: '#include "decl.h"\nvoid Helper(void) { }\n', [`${name}/b.c`]: `#include "decl.h"\nvoid ${name}Use(void) { Helper(); }\n`, [`${name}/decl.h`]: 'void Helper(void);\n',
    });
    const cwd = scratch({ ...one('one'), ...one('two') });
    const { out } = await drvlint(cwd, ['list', 'functions', '--json'], { rules: testRules });
    expect((JSON.parse(out) as { function: string; file: string }[]).map((f) => `${f.file} ${f.function}`).sort()).toEqual(['one/a.c Helper', 'one/b.c oneUse', 'two/a.c Helper', 'two/b.c twoUse']);
  });

  it('are found from a file or a folder below them', async () => {
    const cwd = scratch({ '.git/HEAD': '', 'drv/drv.vcxproj': vcxproj('<ItemGroup><ClCompile Include="src\\a.c"/><ClCompile Include="src\\b.c"/></ItemGroup>'), 'drv/src/a.c': 'void F(void) { Forbidden(); }\n', 'drv/src/b.c': 'void G(void) { Forbidden(); }\n' });
    expect(short(cwd, (await plans(cwd, ['drv/src/a.c'])).plans)[0]).toMatchObject({ why: 'drv/drv.vcxproj (Release|x64, KMDF)', files: ['drv/src/a.c', 'drv/src/b.c'] });
    expect((await drvlint(cwd, ['drv/src/a.c', '--format', 'compact'], { rules: testRules })).out).toBe('drv/src/a.c:1:16: error: Forbidden is called in F [plain-rule]\n');
  });
});

describe('other build files', () => {
  it('compilation databases', async () => {
    const cwd = scratch({ 'build/x': '', 'src/a.c': '#ifdef ON\n#include "cfg.h"\n#endif\n', 'src/b.cpp': '', 'src/left.c': '', 'inc dir/cfg.h': '' });
    addFiles(cwd, { 'compile_commands.json': JSON.stringify([
      { directory: `${cwd}/build`, file: '../src/a.c', command: 'cl.exe /nologo -DON /D "TEXT=\\"a b\\"" "/I../inc dir" /FIcfg.h -U OFF /c ..\\src\\a.c' },
      { directory: cwd, file: 'src/b.cpp', arguments: ['clang', '-include', 'cfg.h', '-isystem', 'inc dir', '-DX=1', 'src/b.cpp'] }, { directory: cwd, file: 'gone.c' }, {},
    ]) });
    const { plans: list } = await plans(cwd);
    expect(short(cwd, list)[0]).toMatchObject({ why: 'compile_commands.json', files: ['inc dir/cfg.h', 'src/a.c', 'src/b.cpp'] });
    expect(list[0].units[0].settings).toMatchObject({ defines: { ON: '1', TEXT: '"a b"' }, undefines: ['OFF'], includeDirs: [path.join(cwd, 'inc dir')], forcedIncludes: ['cfg.h'] });
    expect(list[0].units[1].settings).toMatchObject({ defines: { X: '1' }, forcedIncludes: ['cfg.h'], includeDirs: [path.join(cwd, 'inc dir')] });
    fs.writeFileSync(path.join(cwd, 'compile_commands.json'), '[{');
    expect((await plans(cwd)).problems[0]).toMatch(/^compile_commands\.json: cannot be read as a compilation database: /);
  });

  it('the nearest folder with one', async () => {
    const cwd = scratch({ 'CMakeLists.txt': '', 'a.c': '', 'drv/sources': '', 'drv/b.c': '', 'drv/sub/c.c': '', 'other/Makefile': '', 'other/d.c': '', 'meson/meson.build': '', 'meson/e.c': '', 'sln/x.sln': '', 'sln/f.c': '' });
    expect(short(cwd, (await plans(cwd)).plans).map((p) => [p.why, p.files])).toEqual([
      ['files below CMakeLists.txt', ['a.c']], ['files below drv/sources', ['drv/b.c', 'drv/sub/c.c']], ['files below meson/meson.build', ['meson/e.c']],
      ['files below other/Makefile', ['other/d.c']], ['files below sln/x.sln', ['sln/f.c']],
    ]);
  });

  it('none: everything under the path given', async () => {
    const cwd = scratch({ 'a/x.c': '#include "../shared/s.h"\n', 'b/y.c': '', 'shared/s.h': '' });
    expect(short(cwd, (await plans(cwd)).plans).map((p) => [p.why, p.files])).toEqual([['files under the path given', ['a/x.c', 'b/y.c', 'shared/s.h']]]);
    expect(short(cwd, (await plans(cwd, ['a', 'b'])).plans).map((p) => p.files)).toEqual([['a/x.c', 'shared/s.h'], ['b/y.c']]);
  });
});

describe('includes', () => {
  it('by folder, by unique end of the path, in any case', async () => {
    const cwd = scratch({ 'src/a.c': '#include "Beside.H"\n#include "far.h"\n#include "two.h"\n#include "sub\\win.h"\n', 'src/beside.h': '', 'deep/inc/far.h': '', 'x/two.h': '', 'y/two.h': '', 'z/sub/win.h': '' });
    const { projects } = await planProjects(await discover(cwd, ['.']), { cwd, arch: 'amd64', directories: new Directories(), sources: new Sources(cwd) });
    const resolve = (target: string) => {
      const found = projects[0].includes.resolve(target, path.join(cwd, 'src/a.c'), false);
      return found && displayPath(cwd, found);
    };
    expect(['Beside.H', 'far.h', 'two.h', 'sub\\win.h', 'gone.h', ''].map(resolve)).toEqual(['src/beside.h', 'deep/inc/far.h', undefined, 'z/sub/win.h', undefined, undefined]);
  });

  it('of code make it part of the unit', async () => {
    const cwd = scratch({ 'main.c': '#define NAME Forbidden\n#include "part.c"\n', 'part.c': 'void Part(void) { NAME(); Forbidden(); }\n' });
    expect((await plans(cwd)).plans[0].units.map((u) => displayPath(cwd, u.file))).toEqual(['main.c']);
    expect((await drvlint(cwd, ['--format', 'compact'], { rules: testRules })).out).toBe('part.c:1:27: error: Forbidden is called in Part [plain-rule]\n');
  });
});

it('a file in two projects is analysed in both and its findings are shown once', async () => {
  const project = (name: string) => vcxproj(`<ItemGroup><ClCompile Include="..\\common\\c.c"/><ClCompile Include="${name}.c"/></ItemGroup>`);
  const cwd = scratch({ 'a/a.vcxproj': project('a'), 'a/a.c': '', 'b/b.vcxproj': project('b'), 'b/b.c': '', 'common/c.c': 'void C(void) { Forbidden(); }\n' });
  const { out, err } = await drvlint(cwd, ['--format', 'compact', '--coverage'], { rules: testRules });
  expect(out).toContain('common/c.c:1:16: error: Forbidden is called in C [plain-rule]\nProjects:\n  a: a/a.vcxproj (Release|x64, KMDF); kernel mode, 1 file, 1 function, 0 given up\n  b: ');
  expect(err).toMatch(/^1 file, 1 function \(0 given up\), 1 finding /);
});
