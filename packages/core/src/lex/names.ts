// Identifiers as small numbers, one table for the process: equal names have equal ids in every file, so that what is known
// about a name (its shape, whether its project #defines it) is looked up by index. Ids are never written to disk.

const names: string[] = [''];
let slots = new Int32Array(1 << 16);
let mask = slots.length - 1;
let hashes = new Int32Array(1 << 15);

/** The name of an id; '' for 0 (tokens that are no identifiers). */
export function nameOf(id: number): string {
  return names[id];
}

/** Id of a name. */
export function idOfName(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0;
  let slot = spread(hash);
  for (;;) {
    const id = slots[slot];
    if (id === 0) return add(ownCopy(name), hash, slot);
    if (hashes[id] === hash && names[id] === name) return id;
    slot = (slot + 1) & mask;
  }
}

/** Id of the name at units[start, end) of `text`; `hash` is the 31-polynomial over its units. */
export function internUnits(text: string, start: number, end: number, hash: number): number {
  let slot = spread(hash);
  for (;;) {
    const id = slots[slot];
    if (id === 0) return add(ownCopy(text.slice(start, end)), hash, slot);
    if (hashes[id] === hash) {
      const name = names[id];
      if (name.length === end - start && text.startsWith(name, start)) return id;
    }
    slot = (slot + 1) & mask;
  }
}

function spread(hash: number): number {
  return (hash ^ (hash >>> 15)) & mask;
}

/** The one string that stands for a name: equal names share it, and no text it was cut from stays alive through it. */
export function sharedName(name: string): string {
  return names[idOfName(name)];
}

/** A slice of a long text keeps that text alive; a slice of a text that was joined for it keeps that short one. */
export function ownCopy(slice: string): string {
  return slice.length < 13 ? slice : ` ${slice}`.slice(1);
}

function add(name: string, hash: number, slot: number): number {
  const id = names.length;
  names.push(name);
  slots[slot] = id;
  if (id >= hashes.length) {
    const larger = new Int32Array(hashes.length * 2);
    larger.set(hashes);
    hashes = larger;
  }
  hashes[id] = hash;
  if (id * 2 > slots.length) rehash();
  return id;
}

function rehash(): void {
  slots = new Int32Array(slots.length * 2);
  mask = slots.length - 1;
  for (let id = 1; id < names.length; id++) {
    let slot = spread(hashes[id]);
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id;
  }
}
