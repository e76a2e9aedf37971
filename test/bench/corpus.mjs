// A made-up tree of drivers for when no real ones are at hand: projects of several files with a shared header each, functions with locks,
// branches, loops, macros and callbacks in about the mix of real drivers. The same seed gives the same tree.
import fs from 'node:fs';
import path from 'node:path';

function generator(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

function statements(pick, depth) {
  const one = () => {
    switch (pick(depth > 3 ? 5 : 9)) {
      case 0: return `    Ext->Count[${pick(16)}] += (ULONG)Length >> ${pick(8)};\n`;
      case 1: return `    RtlZeroMemory(&Ext->Name, sizeof(Ext->Name));\n`;
      case 2: return `    DRV_TRACE("${'abcdefgh'.slice(pick(8))} %p %x", Ext, Length);\n`;
      case 3: return `    status = DrvHelper${pick(8)}(Ext, Buffer, Length - ${pick(100)});\n    if (!NT_SUCCESS(status)) {\n        goto done;\n    }\n`;
      case 4: return `    /* ${'the next entry is looked at before the lock is let go '.repeat(1 + pick(3))}*/\n`;
      case 5: return `    if (Ext->State == DRV_STATE_${pick(6)} && Buffer != NULL) {\n${statements(pick, depth + 1)}    } else {\n${statements(pick, depth + 1)}    }\n`;
      case 6: return `    KeAcquireSpinLock(&Ext->Lock, &irql);\n${statements(pick, depth + 4)}    KeReleaseSpinLock(&Ext->Lock, irql);\n`;
      case 7: return `    for (i = 0; i < Length; i++) {\n${statements(pick, depth + 1)}    }\n`;
      default: return `    switch (Ext->State) {\n    case DRV_STATE_${pick(6)}:\n${statements(pick, depth + 2)}        break;\n    default:\n        break;\n    }\n`;
    }
  };
  return Array.from({ length: 2 + pick(4) }, one).join('');
}

function file(pick, functions) {
  let text = '/* Generated for measuring only. */\n#include <ntddk.h>\n#include "drv.h"\n\n';
  for (let f = 0; f < functions; f++) {
    text += `_IRQL_requires_max_(DISPATCH_LEVEL)\nNTSTATUS\nDrv${f}_${pick(100000)}(\n    _In_ PDRV_EXTENSION Ext,\n    _In_reads_bytes_(Length) PUCHAR Buffer,\n    _In_ ULONG Length\n    )\n{\n    NTSTATUS status = STATUS_SUCCESS;\n    KIRQL irql;\n    ULONG i;\n\n${statements(pick, 0)}\ndone:\n    return status;\n}\n\n`;
  }
  return text;
}

const header = `#pragma once
#define DRV_TRACE(fmt, ...) do { if (DrvTraceOn) { DbgPrintEx(DPFLTR_IHVDRIVER_ID, 3, fmt, __VA_ARGS__); } } while (0)
typedef enum { ${[0, 1, 2, 3, 4, 5].map((n) => `DRV_STATE_${n}`).join(', ')} } DRV_STATE;
typedef struct _DRV_EXTENSION { KSPIN_LOCK Lock; DRV_STATE State; ULONG Count[16]; UNICODE_STRING Name; PDEVICE_OBJECT Device; } DRV_EXTENSION, *PDRV_EXTENSION;
extern BOOLEAN DrvTraceOn;
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `NTSTATUS DrvHelper${n}(_In_ PDRV_EXTENSION Ext, _In_ PUCHAR Buffer, _In_ ULONG Length);`).join('\n')}
`;

/** Writes about `kloc` thousand lines below `folder`. */
export function writeCorpus(folder, kloc, seed = 1) {
  const pick = generator(seed);
  let lines = 0;
  for (let project = 0; lines < kloc * 1000; project++) {
    const at = path.join(folder, `driver${project}`);
    fs.mkdirSync(at, { recursive: true });
    fs.writeFileSync(path.join(at, 'Makefile'), '');
    fs.writeFileSync(path.join(at, 'drv.h'), header);
    for (let n = 0; n < 4; n++) {
      const text = file(pick, 12 + pick(12));
      lines += text.split('\n').length;
      fs.writeFileSync(path.join(at, `file${n}.c`), text);
    }
  }
}
