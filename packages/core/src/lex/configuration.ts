// The one configuration a project is read under: what the compiler and the build would define. Defaults stand for a 64-bit
// driver built with MSVC for the newest Windows; `DBG` is 1, so that code of checked builds is seen too.

export type Arch = 'amd64' | 'arm64' | 'x86';

export interface Configuration {
  /** Name -> replacement text of everything defined from outside the sources. */
  readonly defines: ReadonlyMap<string, string>;
  /** Names known not to be defined. */
  readonly undefines: ReadonlySet<string>;
  readonly arch: Arch;
}

export interface ConfigurationOptions {
  arch?: Arch;
  /** `NAME` -> text ('' for `/DNAME=`; use '1' for `/DNAME`). Wins over the defaults. */
  defines?: Record<string, string>;
  undefines?: Iterable<string>;
  /** False for user-mode code: `_KERNEL_MODE` is then not defined. */
  kernel?: boolean;
}

/** Source: Visual C++ "Predefined macros" and the WDK's sdkddkver.h. */
const COMMON: Record<string, string> = {
  _WIN32: '1', WIN32: '1', _MSC_VER: '1940', _MSC_FULL_VER: '194033811', _MSC_BUILD: '0', _MSC_EXTENSIONS: '1', _INTEGRAL_MAX_BITS: '64', UNICODE: '1', _UNICODE: '1', DBG: '1', _MT: '1',
  NTDDI_VERSION: '0x0A000010', _WIN32_WINNT: '0x0A00', WINVER: '0x0A00', _WIN32_IE: '0x0A00', WINNT: '1', _NT_TARGET_VERSION: '0x0A00', _NATIVE_WCHAR_T_DEFINED: '1', _WCHAR_T_DEFINED: '1',
  _PREFAST_: '1', __STDC_HOSTED__: '1', __COUNTER__: '0', FALSE: '0', TRUE: '1',
};

const BY_ARCH: Record<Arch, Record<string, string>> = {
  amd64: { _WIN64: '1', _AMD64_: '1', _M_AMD64: '100', _M_X64: '100' },
  arm64: { _WIN64: '1', _ARM64_: '1', _M_ARM64: '1' },
  x86: { _X86_: '1', i386: '1', _M_IX86: '600' },
};

const NOT_DEFINED = [
  '__GNUC__', '__clang__', '__MINGW32__', '__MINGW64__', '__CYGWIN__', '__linux__', '__APPLE__', '__unix__', '__BORLANDC__', '__WATCOMC__', '__INTEL_COMPILER', '__ICL', '__REACTOS__',
  'RC_INVOKED', 'MIDL_PASS', '__midl', '_ARM_', '_M_ARM', '_IA64_', '_M_IA64', '_ALPHA_', '_MIPS_', '_PPC_', '_M_PPC', '_M_ALPHA', '_M_MRX000', '_M_ARM64EC', '_M_HYBRID', '_CHPE_X86_ARM64_',
  '_MANAGED', '__cplusplus_cli', '_M_CEE', '__STDC__', 'SORTPP_PASS', '__EDG__', '__INTELLISENSE__', 'LINT', 'lint', '__lint', '_lint', 'DOXYGEN', '__DOXYGEN__', 'UNDER_CE', 'NTVDM',
  'STRICT_NT_UNDEFINED', 'DRVLINT_UNDEFINED',
];

/** Version constants of sdkddkver.h: they are what conditions compare with. */
const VERSIONS: Record<string, string> = {
  ...versions('NTDDI_', {
    WIN2K: 0x05000000, WIN2KSP4: 0x05000400, WINXP: 0x05010000, WINXPSP1: 0x05010100, WINXPSP2: 0x05010200, WINXPSP3: 0x05010300, WS03: 0x05020000, WS03SP1: 0x05020100, WS03SP2: 0x05020200,
    LONGHORN: 0x06000000, VISTA: 0x06000000, VISTASP1: 0x06000100, VISTASP2: 0x06000200, VISTASP3: 0x06000300, VISTASP4: 0x06000400, WIN6: 0x06000000, WIN6SP1: 0x06000100, WS08: 0x06000100, WIN7: 0x06010000,
    WIN8: 0x06020000, WINBLUE: 0x06030000, WINTHRESHOLD: 0x0a000000, WIN10: 0x0a000000, WIN10_TH2: 0x0a000001, WIN10_RS1: 0x0a000002, WIN10_RS2: 0x0a000003, WIN10_RS3: 0x0a000004,
    WIN10_RS4: 0x0a000005, WIN10_RS5: 0x0a000006, WIN10_19H1: 0x0a000007, WIN10_VB: 0x0a000008, WIN10_MN: 0x0a000009, WIN10_FE: 0x0a00000a, WIN10_CO: 0x0a00000b, WIN10_NI: 0x0a00000c,
    WIN10_CU: 0x0a00000d, WIN11_ZN: 0x0a00000e, WIN11_GA: 0x0a00000f, WIN11_GE: 0x0a000010,
  }),
  ...versions('_WIN32_WINNT_', {
    NT4: 0x0400, WIN2K: 0x0500, WINXP: 0x0501, WS03: 0x0502, WIN6: 0x0600, VISTA: 0x0600, WS08: 0x0600, LONGHORN: 0x0600, WIN7: 0x0601, WIN8: 0x0602, WINBLUE: 0x0603, WINTHRESHOLD: 0x0a00, WIN10: 0x0a00,
  }),
};

function versions(prefix: string, table: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [prefix + name, String(value)]));
}

/** What every project of an architecture begins with. */
const defaults = new Map<Arch, ReadonlyMap<string, string>>();

function defaultsOf(arch: Arch): ReadonlyMap<string, string> {
  let found = defaults.get(arch);
  if (!found) defaults.set(arch, found = new Map(Object.entries({ ...COMMON, ...VERSIONS, ...BY_ARCH[arch] })));
  return found;
}

export function configuration(options: ConfigurationOptions = {}): Configuration {
  const arch = options.arch ?? 'amd64';
  const defines = new Map(defaultsOf(arch));
  if (options.kernel !== false) defines.set('_KERNEL_MODE', '1');
  for (const [name, text] of Object.entries(options.defines ?? {})) defines.set(name, text);
  const undefines = new Set(NOT_DEFINED);
  for (const [other, table] of Object.entries(BY_ARCH)) {
    if (other !== arch) for (const name of Object.keys(table)) if (!defines.has(name)) undefines.add(name);
  }
  if (options.kernel === false) undefines.add('_KERNEL_MODE');
  for (const name of Object.keys(options.defines ?? {})) undefines.delete(name);
  for (const name of options.undefines ?? []) {
    undefines.add(name);
    defines.delete(name);
  }
  return { defines, undefines, arch };
}
