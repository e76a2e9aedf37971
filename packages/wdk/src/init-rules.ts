// When WDFDEVICE_INIT may be used and what DllMain must leave alone, over tables/init-rules.ts.

import { DLL_MAIN_UNSAFE, INIT_AFTER_FAILURE, INIT_CONSUMERS, INIT_SOURCES } from './tables/init-rules.js';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const consumers = words(INIT_CONSUMERS);
const afterFailure = words(INIT_AFTER_FAILURE);
const sources = words(INIT_SOURCES);

/** The call takes the WDFDEVICE_INIT its argument 0 points to, if it succeeds. */
export function consumesDeviceInit(name: string): boolean {
  return consumers.has(name);
}

/** A function of the framework that uses a WDFDEVICE_INIT, given as argument 0. */
export function usesDeviceInit(name: string): boolean {
  return /^Wdf(?:Device|Fdo|Pdo|ControlDevice|CxDevice)Init[A-Z]\w*$/.test(name) && !sources.has(name) && !afterFailure.has(name);
}

/** A function whose result is a new WDFDEVICE_INIT. */
export function makesDeviceInit(name: string): boolean {
  return sources.has(name);
}

let unsafe: Map<string, string> | undefined;

/** Why a function must not be called from DllMain, as the end of a sentence; undefined for one that may be. */
export function unsafeInDllMain(name: string): string | undefined {
  unsafe ??= new Map(DLL_MAIN_UNSAFE.split('\n').flatMap((row) => {
    const [why, names] = row.split(';');
    return names!.split(' ').map((n): [string, string] => [n, why!]);
  }));
  return unsafe.get(name);
}
