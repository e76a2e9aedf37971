// Integer values of constant expressions, through macros, enumerators, const variables and WDK constants.

import { constantOf, fieldOffset, integerType, isHandleType, levelOf, recordSize } from '@drvlint/wdk';
import type { CallExpr, Expr } from './expr.js';
import type { FileFacts } from './facts.js';
import { lastName, type Symbols } from './symbols.js';
import type { TypeRef } from './types.js';

const MAX_DEPTH = 40;

export type Arch = 'amd64' | 'arm64' | 'x86';

export class ConstantValues {
  private readonly names = new Map<FileFacts, Map<string, number | undefined>>();

  constructor(private readonly symbols: Symbols, private readonly arch: Arch) {}

  valueOf(e: Expr, from: FileFacts, depth = 0): number | undefined {
    if (depth > MAX_DEPTH) return undefined;
    switch (e.k) {
      case 'num': return Number.isNaN(e.value) || e.float ? undefined : e.value;
      case 'char': return e.value;
      case 'name': return this.nameValue(e.name, from, depth);
      case 'cast': return e.type.ptr === 0 ? this.truncated(this.valueOf(e.e, from, depth + 1), e.type.base) : this.valueOf(e.e, from, depth + 1);
      case 'unary': {
        const v = this.valueOf(e.e, from, depth + 1);
        if (v === undefined) return undefined;
        return e.op === '-' ? -v : e.op === '~' ? ~v : e.op === '!' ? (v === 0 ? 1 : 0) : e.op === '+' ? v : undefined;
      }
      case 'binary': {
        const l = this.valueOf(e.l, from, depth + 1);
        const r = this.valueOf(e.r, from, depth + 1);
        return l === undefined || r === undefined ? undefined : binary(e.op, l, r);
      }
      case 'cond': {
        const c = this.valueOf(e.c, from, depth + 1);
        return c === undefined ? undefined : this.valueOf(c ? e.a : e.b, from, depth + 1);
      }
      case 'comma': return this.valueOf(e.r, from, depth + 1);
      case 'sizeof': return e.type && this.sizeOf(e.type, from);
      case 'call': return this.offsetOf(e, from);
      default: return undefined;
    }
  }

  private get pointer(): 8 | 4 {
    return this.arch === 'x86' ? 4 : 8;
  }

  /** Size of a type of the Windows headers; what the project declares itself is not laid out. */
  private sizeOf(type: TypeRef, from: FileFacts): number | undefined {
    if (type.dims || type.fn) return undefined;
    if (type.ptr > 0) return this.pointer;
    const own = this.symbols.visible(this.symbols.typedefs, lastName(type.base), from) ?? this.symbols.visible(this.symbols.records, lastName(type.base), from);
    if (own) return undefined;
    if (isHandleType(type.base)) return this.pointer;
    const integer = this.pointer === 4 && /(?:_PTR|SIZE_T|size_t|ptr_t)$/.test(type.base) ? 4 : integerType(type.base) && integerType(type.base)!.bits / 8;
    return integer ?? recordSize(type.base, this.pointer);
  }

  /** `FIELD_OFFSET(IO_STACK_LOCATION, DeviceObject)` */
  private offsetOf(e: CallExpr, from: FileFacts): number | undefined {
    const [record, field] = e.args;
    if (e.callee.k !== 'name' || !/^(?:FIELD_OFFSET|offsetof)$/.test(e.callee.name) || record?.k !== 'name' || field?.k !== 'name') return undefined;
    return this.symbols.visible(this.symbols.records, record.name, from) ? undefined : fieldOffset(record.name, field.name, this.pointer);
  }

  private nameValue(name: string, from: FileFacts, depth: number): number | undefined {
    let perFile = this.names.get(from);
    if (!perFile) this.names.set(from, (perFile = new Map()));
    if (perFile.has(name)) return perFile.get(name);
    perFile.set(name, undefined);
    const value = this.lookUp(name, from, depth);
    perFile.set(name, value);
    return value;
  }

  private lookUp(name: string, from: FileFacts, depth: number): number | undefined {
    const plain = lastName(name);
    const macro = this.symbols.visible(this.symbols.macros, plain, from, false);
    if (macro && !macro.decl.params) return macro.decl.expr ? this.valueOf(macro.decl.expr, macro.file, depth + 1) : undefined;
    const enumeration = this.symbols.visible(this.symbols.enumerators, plain, from);
    if (enumeration) return this.enumerator(plain, enumeration.decl.items, enumeration.file, depth);
    const variable = this.symbols.visible(this.symbols.variables, plain, from);
    if (variable?.decl.isConst && variable.decl.init && !variable.decl.type.dims) return this.valueOf(variable.decl.init, variable.file, depth + 1);
    if (plain === 'true') return 1;
    if (plain === 'false' || plain === 'nullptr') return 0;
    return levelOf(plain, this.arch) ?? constantOf(plain);
  }

  private enumerator(name: string, items: { name: string; value?: Expr }[], file: FileFacts, depth: number): number | undefined {
    let next: number | undefined = 0;
    for (const item of items) {
      if (item.value) next = this.valueOf(item.value, file, depth + 1);
      if (item.name === name) return next;
      if (next !== undefined) next++;
    }
    return undefined;
  }

  private truncated(v: number | undefined, base: string): number | undefined {
    if (v === undefined) return undefined;
    if (/^(?:KIRQL|UCHAR|BYTE|UINT8|unsigned char|uint8_t|BOOLEAN)$/.test(base)) return v & 0xff;
    if (/^(?:ULONG|DWORD|UINT|UINT32|uint32_t|unsigned int|unsigned long)$/.test(base)) return v >>> 0;
    return v;
  }
}

function binary(op: string, l: number, r: number): number | undefined {
  switch (op) {
    case '+': return l + r;
    case '-': return l - r;
    case '*': return l * r;
    case '/': return r === 0 ? undefined : Math.trunc(l / r);
    case '%': return r === 0 ? undefined : l % r;
    case '|': return l > 0x7fffffff || r > 0x7fffffff ? Number(BigInt.asUintN(64, BigInt(l) | BigInt(r))) : l | r;
    case '&': return l > 0x7fffffff || r > 0x7fffffff ? Number(BigInt.asUintN(64, BigInt(l) & BigInt(r))) : l & r;
    case '^': return l ^ r;
    case '<<': return r > 31 ? l * 2 ** r : l * 2 ** r;
    case '>>': return Math.floor(l / 2 ** r);
    case '==': return l === r ? 1 : 0;
    case '!=': return l !== r ? 1 : 0;
    case '<': return l < r ? 1 : 0;
    case '>': return l > r ? 1 : 0;
    case '<=': return l <= r ? 1 : 0;
    case '>=': return l >= r ? 1 : 0;
    case '&&': return l !== 0 && r !== 0 ? 1 : 0;
    case '||': return l !== 0 || r !== 0 ? 1 : 0;
    default: return undefined;
  }
}
