import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { discover } from '../discovery.js';
import type { Planned } from '../plan.js';
import { Sources } from '../sources.js';
import { Cache } from './cache.js';
import { planWithCache } from './plans.js';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-plans-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

let root = '';
let count = 0;

const write = (file: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
};

const project = (defines: string): string => `<Project><Import Project="..\\common.props" /><ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>${defines}</PreprocessorDefinitions>
<AdditionalIncludeDirectories>..\\inc</AdditionalIncludeDirectories></ClCompile></ItemDefinitionGroup><ItemGroup><ClCompile Include="*.c" /></ItemGroup></Project>`;

beforeEach(() => {
  root = path.join(scratch, `tree${count++}`);
  write('.git/HEAD', '');
  write('drv/drv.vcxproj', project('A=1'));
  write('drv/a.c', '#include "shared.h"\n');
  write('common.props', '<Project><PropertyGroup><DriverType>KMDF</DriverType></PropertyGroup></Project>');
});

const plain = ({ projects, problems }: Planned): unknown => ({ problems, projects: projects.map(({ plan, includes }) => ({ plan, includes: includes.seed() })) });

/** Plans the driver's folder with the cache; whether the plan was made anew, and that it is what a plan without a cache is. */
async function isNew(): Promise<boolean> {
  const question = { cwd: path.join(root, 'drv'), arch: 'amd64' as const };
  const cache = new Cache(path.join(root, 'cache'));
  const { putPlan } = cache;
  let made = false;
  cache.putPlan = (key, plan) => {
    made = true;
    putPlan.call(cache, key, plan);
  };
  const planned = await planWithCache(await discover(question.cwd, ['.']), question, new Sources(question.cwd, cache.includes), cache);
  cache.finish();
  const other = await planWithCache(await discover(question.cwd, ['.']), question, new Sources(question.cwd), undefined);
  expect(plain(planned)).toEqual(plain(other));
  return made;
}

describe('a kept plan', () => {
  it('is taken while nothing it was made of has changed', async () => {
    expect([await isNew(), await isNew()]).toEqual([true, false]);
    write('drv/a.c', '#include "shared.h"\nint x;\n');
    write('unrelated.txt', '');
    expect(await isNew()).toBe(false);
  });

  it.each<[string, () => void]>([
    ['an include line', () => write('drv/a.c', '#include "other.h"\n')],
    ['a header that now is where it was looked for', () => write('inc/shared.h', '\n')],
    ['a new source', () => write('drv/b.c', '\n')],
    ['the project file', () => write('drv/drv.vcxproj', project('A=2'))],
    ['an imported file', () => write('common.props', '<Project><PropertyGroup><DriverType>WDM</DriverType></PropertyGroup></Project>')],
    ['a solution above', () => write('all.sln', '')],
    ['another repository', () => write('drv/.git/HEAD', '')],
  ])('is made again after a change of %s', async (_, change) => {
    expect(await isNew()).toBe(true);
    change();
    expect(await isNew()).toBe(true);
    expect(await isNew()).toBe(false);
  });
});
