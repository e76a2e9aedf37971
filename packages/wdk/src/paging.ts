// Paging facts: which calls put code or data into pageable memory, which sections are pageable, which calls need resident memory.
// Source: MicrosoftDocs "Making Drivers Pageable" pages and the pragma pages; see callback-irql notes in README.md.

/** Pragmas that choose a section: `alloc_text(SECTION, f, ...)` for functions, the others for what follows. */
export type SectionPragma = 'alloc_text' | 'code_seg' | 'data_seg' | 'bss_seg' | 'const_seg';

/** Kind of a section by its name: pageable, discarded after initialisation, or resident. Quotes are ignored. */
export function sectionKind(name: string): 'pageable' | 'init' | 'resident' {
  const bare = name.replace(/^L?"|"$/g, '').replace(/^\.text\$/, '');
  if (/^PAGE/.test(bare)) return 'pageable';
  return bare === 'INIT' || bare === 'PAGEINIT' ? 'init' : 'resident';
}

/** Highest level at which pageable code may run and pageable data may be touched: APC_LEVEL. */
export const PAGEABLE_MAX = 1;

/** Calls whose Wait argument makes the following KeWait part of the same operation: illegal in pageable code when TRUE. */
const WAIT_ARG: Readonly<Record<string, number>> = { KeSetEvent: 2, KePulseEvent: 2, KeReleaseMutex: 1, KeReleaseSemaphore: 3, KeReleaseMutant: 3 };

export function waitArgument(fn: string): number | undefined {
  return WAIT_ARG[fn];
}

/** Calls that lock or unlock pageable sections: after locking, PAGED_CODE_LOCKED code may run at DISPATCH_LEVEL. */
const LOCKS_SECTION = new Set(['MmLockPagableCodeSection', 'MmLockPagableDataSection', 'MmLockPagableSectionByHandle', 'MmLockPagableImageSection', 'MmResetDriverPaging']);

export function locksPagedSection(fn: string): boolean {
  return LOCKS_SECTION.has(fn);
}
