// A 64-bit hash of a text for identities that are stored and compared between machines. Not for security: two multiplicative
// lanes (the public-domain "cyrb" construction), the same result on every platform.

/** 16 lower-case hexadecimal digits. */
export function hashText(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return hex(low) + hex(high);
}

function hex(n: number): string {
  return (n >>> 0).toString(16).padStart(8, '0');
}
