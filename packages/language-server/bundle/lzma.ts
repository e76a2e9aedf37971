// Unpacks the parser. It is the largest part of the extension and holds tables that repeat over long distances: LZMA makes it half as
// large as what an archive's own compression does, and neither VS Code's Node nor browsers read a format that good. The format is the
// classic one (`xz --format=lzma`): 5 bytes of properties, 8 of length, then the range-coded stream. Input is trusted: it is our own file.

const kMatchMin = 2;
const stateCount = 12;

class RangeDecoder {
  #range = 0xffffffff;
  #code = 0;
  #at: number;

  constructor(private readonly input: Uint8Array, start: number) {
    this.#at = start + 1;
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.input[this.#at++]) >>> 0;
  }

  bit(probs: Uint16Array, index: number): number {
    const prob = probs[index];
    const bound = (this.#range >>> 11) * prob;
    let bit = 0;
    if (this.#code < bound) {
      this.#range = bound;
      probs[index] = prob + ((2048 - prob) >> 5);
    } else {
      this.#range -= bound;
      this.#code -= bound;
      probs[index] = prob - (prob >> 5);
      bit = 1;
    }
    if (this.#range < 0x1000000) this.#normalise();
    return bit;
  }

  #normalise(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.input[this.#at++]) >>> 0;
  }

  /** Bits that are as likely 0 as 1, highest first. */
  direct(count: number): number {
    let result = 0;
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1;
      const one = this.#code >= this.#range ? 1 : 0;
      if (one) this.#code -= this.#range;
      result = (result << 1) | one;
      if (this.#range < 0x1000000) this.#normalise();
    }
    return result;
  }

  tree(probs: Uint16Array, offset: number, bits: number): number {
    let m = 1;
    for (let i = 0; i < bits; i++) m = (m << 1) | this.bit(probs, offset + m);
    return m - (1 << bits);
  }

  reverseTree(probs: Uint16Array, offset: number, bits: number): number {
    let m = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(probs, offset + m);
      m = (m << 1) | bit;
      value |= bit << i;
    }
    return value;
  }
}

const fresh = (count: number): Uint16Array => new Uint16Array(count).fill(1024);

class LengthDecoder {
  readonly #choice = fresh(2);
  readonly #low = fresh(16 << 3);
  readonly #mid = fresh(16 << 3);
  readonly #high = fresh(256);

  read(coder: RangeDecoder, position: number): number {
    if (coder.bit(this.#choice, 0) === 0) return coder.tree(this.#low, position << 3, 3);
    if (coder.bit(this.#choice, 1) === 0) return 8 + coder.tree(this.#mid, position << 3, 3);
    return 16 + coder.tree(this.#high, 0, 8);
  }
}

class Unpacker {
  readonly #coder: RangeDecoder;
  readonly #lc: number;
  readonly #literalMask: number;
  readonly #positionMask: number;
  readonly #literals: Uint16Array;
  readonly #isMatch = fresh(stateCount << 4);
  readonly #isRep = fresh(stateCount);
  readonly #isRep0 = fresh(stateCount);
  readonly #isRep1 = fresh(stateCount);
  readonly #isRep2 = fresh(stateCount);
  readonly #isRep0Long = fresh(stateCount << 4);
  readonly #slots = fresh(4 << 6);
  readonly #special = fresh(115);
  readonly #align = fresh(16);
  readonly #matchLength = new LengthDecoder();
  readonly #repLength = new LengthDecoder();
  readonly #out: Uint8Array;
  /** The last four distances, latest first. */
  readonly #reps = [0, 0, 0, 0];
  #state = 0;

  constructor(input: Uint8Array) {
    const properties = input[0];
    this.#lc = properties % 9;
    const lp = Math.floor(properties / 9) % 5;
    const pb = Math.floor(properties / 45);
    this.#literalMask = (1 << lp) - 1;
    this.#positionMask = (1 << pb) - 1;
    this.#literals = fresh(0x300 << (this.#lc + lp));
    this.#out = new Uint8Array(new DataView(input.buffer, input.byteOffset).getUint32(5, true));
    this.#coder = new RangeDecoder(input, 13);
  }

  run(): Uint8Array {
    const out = this.#out;
    for (let at = 0; at < out.length;) {
      const position = at & this.#positionMask;
      if (this.#coder.bit(this.#isMatch, (this.#state << 4) + position) === 0) out[at] = this.#literal(at++);
      else {
        const end = Math.min(out.length, at + this.#match(position));
        for (const distance = this.#reps[0] + 1; at < end; at++) out[at] = out[at - distance];
      }
    }
    return out;
  }

  #literal(at: number): number {
    const before = at > 0 ? this.#out[at - 1] : 0;
    const probs = 0x300 * (((at & this.#literalMask) << this.#lc) + (before >> (8 - this.#lc)));
    let symbol = 1;
    if (this.#state >= 7) {
      let matched = this.#out[at - this.#reps[0] - 1];
      do {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.#coder.bit(this.#literals, probs + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (expected !== bit) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#coder.bit(this.#literals, probs + symbol);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
    return symbol & 0xff;
  }

  /** Length of a match; its distance is then the first of the last four. */
  #match(position: number): number {
    const coder = this.#coder;
    if (coder.bit(this.#isRep, this.#state) === 0) {
      const length = this.#matchLength.read(coder, position);
      this.#state = this.#state < 7 ? 7 : 10;
      this.#reps.pop();
      this.#reps.unshift(this.#distance(length));
      return length + kMatchMin;
    }
    if (coder.bit(this.#isRep0, this.#state) === 0) {
      if (coder.bit(this.#isRep0Long, (this.#state << 4) + position) === 0) {
        this.#state = this.#state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      const which = coder.bit(this.#isRep1, this.#state) === 0 ? 1 : coder.bit(this.#isRep2, this.#state) === 0 ? 2 : 3;
      this.#reps.unshift(...this.#reps.splice(which, 1));
    }
    const length = this.#repLength.read(coder, position);
    this.#state = this.#state < 7 ? 8 : 11;
    return length + kMatchMin;
  }

  #distance(length: number): number {
    const coder = this.#coder;
    const slot = coder.tree(this.#slots, Math.min(length, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << bits;
    if (slot < 14) return base + coder.reverseTree(this.#special, base - slot, bits);
    return base + (coder.direct(bits - 4) << 4) + coder.reverseTree(this.#align, 0, 4);
  }
}

/** The bytes that were packed. */
export function unpack(packed: Uint8Array): Uint8Array {
  return new Unpacker(packed).run();
}
