// Text to flat tree through tree-sitter: our own kernel, else the native addon or web-tree-sitter. The only place that knows
// tree-sitter. Parsing is synchronous; making a parser is not.

import type { Tokens } from '../lex/tokens.js';
import { DirectParser } from './direct/parser.js';
import { flatten, SymbolTable } from './flatten.js';
import type { Cursor } from './flatten.js';
import { Kernel } from './kernel.js';
import { kernelBytes } from './kernel-bytes.js';
import type { FlatTree, Language } from './tree.js';

/** A parse that was given up. */
export interface ParseFailure { readonly reason: string }

export type Backend = 'kernel' | 'native' | 'wasm';

export interface SyntaxParser {
  readonly backend: Backend;
  /**
   * The flat tree of a text, or why there is none. With the text's tokens most of it is read without tree-sitter, several times
   * faster; the tree is the same. Native trees are freed only after a turn of the event loop: whoever parses many files must
   * yield between them.
   */
  parse(text: string, language: Language, tokens?: Tokens): FlatTree | ParseFailure;
  /** The bare parse without a flat tree: true when it came to an end. What the front end's speed is measured against. */
  raw(text: string, language: Language): boolean;
}

export interface ParserOptions {
  /** Backend to try first; default the kernel. */
  prefer?: Backend;
  /** The kernel (`@drvlint/core/kernel.wasm`), compiled or as bytes, where it cannot be found next to this package (bundle, worker). */
  kernel?: Uint8Array | WebAssembly.Module;
  /** Bytes of `web-tree-sitter.wasm` and of the two grammars, where they cannot be found next to the packages (browser, bundle). */
  wasm?: { runtime?: Uint8Array; c?: Uint8Array; cpp?: Uint8Array };
  /** Longest time one parse may take, in milliseconds. */
  timeBudget?: number;
  /** False: everything is read by tree-sitter, tokens or not. */
  direct?: boolean;
}

const DEFAULT_TIME_BUDGET = 60_000;

export function isParseFailure(result: FlatTree | ParseFailure): result is ParseFailure {
  return 'reason' in result;
}

/** A parser of the backend asked for, or of another one where that cannot be loaded. Fails only when none loads. */
export async function createParser(options: ParserOptions = {}): Promise<SyntaxParser> {
  const all = { kernel: createKernelParser, native: createNativeParser, wasm: createWasmParser };
  const order = [...new Set([options.prefer ?? 'kernel', 'kernel', 'native', 'wasm'] as const)].map((backend) => all[backend]);
  let first: unknown;
  for (const create of order) {
    try {
      const parser = await create(options);
      return options.direct === false ? parser : directly(parser);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

/** What can be read from tokens is, the rest by `inner`; an error in a function's body stays there. */
function directly(inner: SyntaxParser): SyntaxParser {
  const direct = new DirectParser((text, language) => {
    const tree = inner.parse(text, language);
    return isParseFailure(tree) ? undefined : tree;
  }, true);
  return {
    backend: inner.backend,
    parse: (text, language, tokens) => (tokens && direct.parse(tokens, text, language)) ?? inner.parse(text, language),
    raw: (text, language) => inner.raw(text, language),
  };
}

async function createKernelParser(options: ParserOptions): Promise<SyntaxParser> {
  const given = options.kernel ?? await kernelBytes();
  const kernel = new Kernel(given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given as Uint8Array<ArrayBuffer>));
  const budget = options.timeBudget ?? DEFAULT_TIME_BUDGET;
  return {
    backend: 'kernel',
    parse(text, language) {
      try {
        return kernel.parse(text, language, budget) ?? { reason: 'parsing took too long' };
      } catch (e) {
        return { reason: `the parser failed: ${e instanceof Error ? e.message : String(e)}` };
      }
    },
    raw: (text, language) => kernel.raw(text, language, budget),
  };
}

interface NativeTree { rootNode: { hasError: boolean; descendantCount: number }; walk(): Cursor }
interface NativeParser {
  setLanguage(language: unknown): void;
  setTimeoutMicros(micros: number): void;
  reset(): void;
  parse(input: (offset: number) => string, old: undefined, options: { bufferSize: number }): NativeTree | null;
}

// Names in variables keep bundlers from pulling the native packages into a browser bundle.
const NATIVE = ['tree-sitter', 'tree-sitter-c', 'tree-sitter-cpp'];

async function createNativeParser(options: ParserOptions): Promise<SyntaxParser> {
  const [runtime, c, cpp] = await Promise.all(NATIVE.map(async (name) => ((await import(/* @vite-ignore */ name)) as { default: unknown }).default));
  const Parser = runtime as new () => NativeParser;
  const make = (grammar: unknown): NativeParser => {
    const parser = new Parser();
    parser.setLanguage(grammar);
    parser.setTimeoutMicros((options.timeBudget ?? DEFAULT_TIME_BUDGET) * 1000);
    return parser;
  };
  const parsers = { c: make(c), cpp: make(cpp) };
  const tables = { c: new SymbolTable(), cpp: new SymbolTable() };
  return {
    backend: 'native',
    parse(text, language) {
      const parser = parsers[language];
      // One buffer for the whole text: the parser then asks for it once.
      const tree = parser.parse((offset) => (offset === 0 ? text : text.slice(offset)), undefined, { bufferSize: text.length + 1 });
      if (!tree) {
        parser.reset();
        return { reason: 'parsing took too long' };
      }
      const { hasError } = tree.rootNode;
      return flatten(tree.walk(), tables[language], language, text.length, hasError);
    },
    raw: (text, language) => parsers[language].parse((offset) => (offset === 0 ? text : text.slice(offset)), undefined, { bufferSize: text.length + 1 }) !== null,
  };
}

async function createWasmParser(options: ParserOptions): Promise<SyntaxParser> {
  const { Parser, Language: Grammar } = await import('web-tree-sitter');
  const given = options.wasm ?? {};
  await Parser.init(given.runtime ? { wasmBinary: given.runtime } : undefined);
  const load = async (bytes: Uint8Array | undefined, file: string) => {
    const parser = new Parser();
    parser.setLanguage(await Grammar.load(bytes ?? locate(file)));
    return parser;
  };
  const parsers = { c: await load(given.c, 'tree-sitter-c/tree-sitter-c.wasm'), cpp: await load(given.cpp, 'tree-sitter-cpp/tree-sitter-cpp.wasm') };
  const tables = { c: new SymbolTable(), cpp: new SymbolTable() };
  return {
    backend: 'wasm',
    parse(text, language) {
      const parser = parsers[language];
      const deadline = Date.now() + (options.timeBudget ?? DEFAULT_TIME_BUDGET);
      const tree = parser.parse(text, null, { progressCallback: () => Date.now() > deadline });
      if (!tree) {
        parser.reset();
        return { reason: 'parsing took too long' };
      }
      const { hasError } = tree.rootNode;
      const cursor = tree.walk();
      try {
        return flatten(cursor, tables[language], language, text.length, hasError);
      } finally {
        cursor.delete();
        tree.delete();
      }
    },
    raw(text, language) {
      const tree = parsers[language].parse(text, null);
      tree?.delete();
      return tree !== null;
    },
  };
}

/** Path of a file in an installed package: what web-tree-sitter reads where there is a file system. */
function locate(file: string): string {
  const url = new URL(import.meta.resolve(file));
  const path = decodeURIComponent(url.pathname);
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
}
