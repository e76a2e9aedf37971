// Storms of messages over a language server: valid and invalid, in any order, faster than it can analyse, while files come and go on disk.
// What must hold: it stays up, says nothing of internal errors, answers every request, and when the storm is over shows for every open
// file of the folder what a fresh run over the same texts finds.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createParser } from '@drvlint/core';
import { analyse, Configurations, displayPath } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { RawServer } from './lsp-server.mjs';
import { mutate } from './mutate.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const ANSWER_MS = 60_000;
const settled = { preset: 'all', level: 'info', debounce: 0, showNotAnalysed: false };
const projects = path.join(root, 'fixtures', 'projects');
const samples = ['resdll-c-broken', 'resdll-cpp-broken'].map((name) => texts(path.join(projects, name)));

function texts(folder) {
  return Object.fromEntries(fs.readdirSync(folder).filter((f) => /\.(?:c|cpp|h)$/.test(f)).map((f) => [f, fs.readFileSync(path.join(folder, f), 'utf8')]));
}

const methods = [
  'textDocument/hover', 'textDocument/definition', 'textDocument/declaration', 'textDocument/documentSymbol', 'textDocument/inlayHint', 'textDocument/codeLens', 'textDocument/codeAction',
  'textDocument/diagnostic', 'drvlint/raisedLines', 'drvlint/levelAt', 'drvlint/coverage', 'drvlint/report',
];
const anyMethod = [...methods, 'codeLens/resolve', 'workspace/executeCommand', 'drvlint/rulePage', 'textDocument/rename', 'workspace/symbol', 'no/such', 'shutdownn', ''];
const notifications = ['textDocument/didOpen', 'textDocument/didChange', 'textDocument/didClose', 'textDocument/didSave', 'workspace/didChangeWatchedFiles', 'workspace/didChangeConfiguration', 'workspace/didChangeWorkspaceFolders', '$/setTrace', '$/cancelRequest', 'no/such'];
const NUMBERS = [-1, 0, 1, 3.5, 1e9, -1e300, 2 ** 31, null, '1', NaN];
const JUNK = [null, undefined, {}, [], 0, 'text', { textDocument: null }, { textDocument: {} }, { textDocument: { uri: 7 } }, { textDocument: { uri: 'not a uri' }, position: null }, { command: 'drvlint.addToBaseline' }, { command: 'drvlint.addToBaseline', arguments: [{}] }, { command: 'drvlint.showPlaces', arguments: [1, 2, 3] }, { rule: 7 }, { data: null }, { data: { uri: 1 } }, { changes: null }, { changes: [null, { uri: 3, type: 'x' }] }, { event: {} }, { event: { added: null, removed: [{}] } }, { settings: 7 }, { contentChanges: 'x' }, { textDocument: { uri: 'file:///', version: {} }, contentChanges: [{}] }];
/** What a client may be told instead of a result: cancelled, changed meanwhile, ask again. */
const FINE = new Set([-32800, -32801, -32802]);

let parser;
let server;
let served = 0;

async function freshServer(scratch, pick) {
  await server?.stop();
  served = 0;
  server = new RawServer(path.join(scratch, 'cache'));
  server.settings = settled;
  const watching = { didChangeWatchedFiles: { dynamicRegistration: true } };
  const capabilities = { textDocument: pick(2) === 0 ? { diagnostic: {}, publishDiagnostics: {} } : { publishDiagnostics: {} }, workspace: { configuration: true, workspaceFolders: true, ...watching }, window: { workDoneProgress: pick(2) === 0 } };
  const { error } = await server.start([], capabilities);
  if (error) throw new Error(error.message);
}

/** Ends the server that the storms shared. */
export async function endLsp() {
  await server?.stop();
  server = undefined;
}

/** One storm; what broke, undefined when all held. */
export async function storm(pick, { messages = 120, disk = true } = {}) {
  parser ??= await createParser();
  const scratch = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-lsp-')));
  try {
    if (!server?.alive || ++served % 8 === 0) await freshServer(scratch, pick);
    const problem = await new Storm(path.join(scratch, 'tree'), pick, disk).run(messages);
    if (problem !== undefined) await endLsp();
    return problem;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

class Storm {
  /** Open documents by file: the text, its version, and whether the server must have the same. */
  #docs = new Map();
  /** Changes on disk that the server was not told of yet. */
  #untold = [];
  /** Requests in order; those with `valid` must get a result. */
  #asked = [];
  #invalid = false;

  constructor(folder, pick, disk) {
    this.disk = disk;
    this.folder = folder;
    this.pick = pick;
    this.sample = samples[pick(samples.length)];
  }

  one(list) {
    return list[this.pick(list.length)];
  }

  async run(messages) {
    fs.mkdirSync(this.folder, { recursive: true });
    for (const [name, text] of Object.entries(this.sample)) fs.writeFileSync(path.join(this.folder, name), text);
    if (this.pick(2) === 0) fs.writeFileSync(path.join(this.folder, 'Makefile'), '');
    this.#folders([this.folder], []);
    server.errors.length = 0;
    this.#open();
    for (let i = 0; i < messages; i++) {
      this.#step();
      if (this.pick(12) === 0) await new Promise((resolve) => setTimeout(resolve, this.pick(60)));
    }
    return await this.#requestsEnd() ?? await this.#sameAsFresh() ?? await this.#leave();
  }

  #step() {
    const steps = [
      [26, () => this.#edit()], [5, () => this.#open()], [4, () => this.#close()], [4, () => this.#save()], [24, () => this.#ask()], [5, () => this.#junk()], [9, () => this.#disk()],
      [5, () => this.#tell()], [2, () => this.#configure()], [1, () => this.#moveFolder()], [1, () => this.#large()], [1, () => this.#bytes()],
    ];
    let n = this.pick(steps.reduce((sum, [weight]) => sum + weight, 0));
    steps.find(([weight]) => (n -= weight) < 0)[1]();
  }

  // --- documents --------------------------------------------------------------------------------------

  #name() {
    const names = Object.keys(this.sample);
    return path.join(this.folder, this.pick(6) === 0 ? this.one(['new.c', 'new.h', 'sub/other.c', '../outside.c', 'é ü%20.c']) : this.one(names));
  }

  #open(file = this.#name()) {
    const known = this.sample[path.basename(file)] ?? '';
    const text = this.pick(3) > 0 ? known : mutate(known, this.one(Object.values(this.sample)), this.pick);
    const version = this.one([1, 1, 1, 0, -3]);
    server.notify('textDocument/didOpen', { textDocument: { uri: this.#uri(file), languageId: file.endsWith('.cpp') ? 'cpp' : 'c', version, text } });
    this.#docs.set(file, { text, version, sure: true });
  }

  /** A file that is open, now and then one that is not. */
  #some() {
    const name = this.#name();
    return this.one([...this.#docs, [name, this.#docs.get(name)]]);
  }

  #edit() {
    const [file, doc] = this.#some();
    if (!doc) return server.notify('textDocument/didChange', { textDocument: { uri: this.#uri(file), version: 4 }, contentChanges: [{ text: 'int x;' }] });
    const contentChanges = Array.from({ length: 1 + this.pick(3) }, () => (this.pick(9) === 0 ? this.#badChange(doc) : this.#change(doc)));
    doc.version = this.pick(9) === 0 ? this.one([doc.version, 0, -5]) : doc.version + 1;
    const version = this.pick(30) === 0 ? this.one([null, undefined, '7', {}]) : doc.version;
    if (typeof version !== 'number') doc.sure = false;
    server.notify('textDocument/didChange', { textDocument: { uri: this.#uri(file), version }, contentChanges });
  }

  #change(doc) {
    const { pick } = this;
    if (pick(6) === 0) return { text: doc.text = mutate(doc.text, this.one(Object.values(this.sample)), pick) };
    const start = pick(doc.text.length + 1);
    const end = Math.min(doc.text.length, start + (pick(2) === 0 ? 0 : pick(pick(5) === 0 ? 400 : 6)));
    const text = this.one([';', '{', '}', '(', ')', '"', '/*', '*/', '\n', '#if 0\n', '#endif\n', '#include "workers.h"\n', 'x', '\u0000', '\ud83d', '\u00e9', '\r\n', '\r', 'KIRQL old;\n', 'return 0;\n', mutate('', this.one(Object.values(this.sample)), pick)]);
    const change = { range: { start: positionIn(doc.text, start), end: positionIn(doc.text, end) }, text };
    // Between the halves of a pair, or in front of a line feed, positions say less than offsets.
    if (splits(doc.text, start) || splits(doc.text, end)) doc.sure = false;
    doc.text = doc.text.slice(0, start) + text + doc.text.slice(end);
    return change;
  }

  /** A change that is none: what the server makes of it is its own affair. */
  #badChange(doc) {
    doc.sure = false;
    const position = () => ({ line: this.one(NUMBERS), character: this.one(NUMBERS) });
    return this.one([{ range: { start: position(), end: position() }, text: 'bad' }, { range: null, text: 'y' }, { text: null }, null, {}, { range: {}, text: 'z' }]);
  }

  #close() {
    const file = this.pick(4) === 0 ? this.#name() : [...this.#docs.keys()][this.pick(this.#docs.size)] ?? this.#name();
    server.notify('textDocument/didClose', { textDocument: { uri: this.#uri(file) } });
    this.#docs.delete(file);
  }

  #save() {
    const [file, doc] = this.#some();
    if (doc && this.pick(2) === 0) this.#write(file, doc.text);
    server.notify('textDocument/didSave', { textDocument: { uri: this.#uri(file) } });
  }

  #large() {
    const [, doc] = this.one([...this.#docs, ['', undefined]]);
    if (!doc || this.pick(4) > 0) return;
    const size = this.pick(40) === 0 ? 5_000_000 : 200_000;
    doc.sure = false;
    server.notify('textDocument/didChange', { textDocument: { uri: this.#uri([...this.#docs].find(([, d]) => d === doc)[0]), version: ++doc.version }, contentChanges: [{ text: 'static int Filler(int x)\n{\n    return x + (x << 3);\n}\n'.repeat(size / 50) }] });
  }

  /** A frame whose text is not UTF-8, one that is no JSON, one that is no message. */
  #bytes() {
    const [file, doc] = this.one([...this.#docs, ['', undefined]]);
    if (doc) {
      doc.sure = false;
      const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'textDocument/didChange', params: { textDocument: { uri: this.#uri(file), version: ++doc.version }, contentChanges: [{ text: `${doc.text}//~~` }] } }));
      body[body.lastIndexOf('~~')] = 0xff;
      server.raw(body);
    }
    server.raw(this.one(['{"jsonrpc":"2.0","id":999999,"result":1}', '{"jsonrpc":"2.0"}', '[]', 'null', '7']));
    this.#invalid = true;
  }

  // --- requests ---------------------------------------------------------------------------------------

  #ask() {
    const { pick } = this;
    const file = pick(4) === 0 ? this.#name() : [...this.#docs.keys()][pick(this.#docs.size)] ?? this.#name();
    const { text = '' } = this.#docs.get(file) ?? {};
    const position = () => positionIn(text, pick(text.length + 1));
    const at = pick(8) === 0 ? { line: pick(1e6), character: pick(1e6) } : position();
    const range = { start: position(), end: position() };
    const method = this.one(methods);
    const params = { textDocument: { uri: this.#uri(file) }, position: at, range, context: { diagnostics: [], ...(pick(3) === 0 ? { only: ['source.fixAll'] } : {}) } };
    const request = server.request(method, params);
    this.#asked.push({ method, answer: request.answer });
    if (pick(4) === 0) server.notify('$/cancelRequest', { id: request.id });
  }

  #junk() {
    this.#invalid = true;
    if (this.pick(2) === 0) server.notify(this.one(notifications), this.one(JUNK));
    else void server.request(this.one(anyMethod), this.one(JUNK));
    if (this.pick(3) === 0) server.notify('$/cancelRequest', { id: this.pick(2000) });
    // Who sends junk about documents has to say again what they are.
    for (const doc of this.#docs.values()) doc.sure = false;
  }

  // --- the disk ---------------------------------------------------------------------------------------

  #write(file, data) {
    if (!this.disk || !file.startsWith(this.folder + path.sep)) return;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const isNew = !fs.existsSync(file);
    if (!isNew && fs.statSync(file).isDirectory()) return;
    fs.writeFileSync(file, data);
    this.#untold.push({ uri: this.#uri(file), type: isNew ? 1 : 2 });
  }

  #remove(file) {
    if (!this.disk || !file.startsWith(this.folder + path.sep) || !fs.existsSync(file)) return;
    fs.rmSync(file, { recursive: true });
    this.#untold.push({ uri: this.#uri(file), type: 3 });
  }

  #disk() {
    const file = this.#name();
    const known = this.sample[path.basename(file)] ?? 'int unknown;\n';
    const read = () => (fs.existsSync(file) && fs.statSync(file).isFile() ? fs.readFileSync(file) : Buffer.from(known));
    this.one([
      () => this.#write(file, mutate(known, this.one(Object.values(this.sample)), this.pick)),
      () => this.#write(file, known),
      () => this.#write(file, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(known, 'utf16le')])),
      () => this.#write(file, this.one(['', '\0\0\0', '\ufeff', Buffer.from([0xc3, 0x28, 0x0a])])),
      () => this.#remove(file),
      () => {
        const [data, to] = [read(), this.#name()];
        this.#remove(file);
        this.#write(to, data);
      },
      () => this.#write(path.join(this.folder, this.one(['Makefile', 'sub/Makefile'])), ''),
      () => this.#remove(path.join(this.folder, this.one(['Makefile', 'sub', 'drvlint.config.json']))),
      () => this.#write(path.join(this.folder, 'drvlint.config.json'), this.one(['{', '', '{"rules":{"irql-too-high":"off"}}', '{"level":"error"}', '{"x":1}', '{"ignores":["workers.c"]}'])),
    ])();
  }

  #tell() {
    if (this.#untold.length === 0) return;
    const changes = this.#untold.splice(0);
    // The client's watcher may tell twice.
    if (this.pick(3) === 0) changes.push(changes[0]);
    server.notify('workspace/didChangeWatchedFiles', { changes });
  }

  #configure() {
    const { pick } = this;
    server.settings = this.one([settled, {}, { enable: false }, { debounce: 400 }, { preset: 'mustfix' }, { rules: { 'irql-too-high': 'off', x: 3 } }, { maxFiles: 10 }, { defines: { DBG: pick(2) } }, null, 'text', { level: 4 }]);
    server.notify('workspace/didChangeConfiguration', { settings: null });
  }

  #moveFolder() {
    this.#folders([], [this.folder]);
    if (this.pick(2) === 0) server.notify('workspace/didChangeConfiguration', {});
    this.#folders([this.folder], []);
  }

  #folders(added, removed) {
    const list = (folders) => folders.map((f) => ({ uri: this.#uri(f), name: path.basename(f) }));
    server.notify('workspace/didChangeWorkspaceFolders', { event: { added: list(added), removed: list(removed) } });
  }

  #uri(file) {
    return pathToFileURL(file).href;
  }

  // --- what must hold ---------------------------------------------------------------------------------

  async #requestsEnd() {
    const late = new Promise((resolve) => setTimeout(resolve, ANSWER_MS, 'late').unref());
    for (const { method, answer } of this.#asked) {
      const got = await Promise.race([answer, late]);
      if (got === 'late') return `${method} is not answered`;
      if (got.error && !FINE.has(got.error.code)) return `${method}: ${JSON.stringify(got.error)}`;
    }
    return this.#isFine();
  }

  #isFine() {
    if (!server.alive) return `the server is gone: ${server.stderr}`;
    if (server.stderr !== '') return `on standard error: ${server.stderr}`;
    const bad = server.errors.find((e) => !this.#invalid || /internal error|\n\s+at /.test(e));
    return bad === undefined ? undefined : `logged: ${bad}`;
  }

  async #sameAsFresh() {
    server.settings = settled;
    server.notify('workspace/didChangeConfiguration', { settings: null });
    this.#tell();
    for (const [file, doc] of this.#docs) if (!doc.sure) server.notify('textDocument/didChange', { textDocument: { uri: this.#uri(file), version: ++doc.version }, contentChanges: [{ text: doc.text }] });
    const own = [...this.#docs].filter(([file]) => file.startsWith(this.folder + path.sep));
    const expected = await this.#fresh(own);
    for (const [file] of own) {
      const shown = displayPath(this.folder, file);
      const late = new Promise((resolve) => setTimeout(resolve, ANSWER_MS, 'late').unref());
      let got = await Promise.race([server.request('textDocument/diagnostic', { textDocument: { uri: this.#uri(file) } }).answer, late]);
      // Diagnostics of a text that was still on its way.
      while (got !== 'late' && got.error?.code === -32802) got = await server.request('textDocument/diagnostic', { textDocument: { uri: this.#uri(file) } }).answer;
      if (got === 'late' || got.error) return `no diagnostics of ${shown}: ${JSON.stringify(got)}`;
      const [seen, wanted] = [got.result.items.map(line).sort(), expected.filter((f) => f.file === shown && !f.suppressed).map(lineOfFinding).sort()];
      if (seen.join('\n') !== wanted.join('\n')) return `${shown} shows\n${seen.filter((l) => !wanted.includes(l)).join('\n')}\nand lacks\n${wanted.filter((l) => !seen.includes(l)).join('\n')}`;
    }
    return this.#isFine();
  }

  async #fresh(own) {
    const cwd = this.folder;
    const configurations = new Configurations({ cwd, rules, overrides: { presets: ['all'], level: 'info' } });
    const overlays = new Map(own.map(([file, { text }]) => [file, text.replace(/^\ufeff/, '')]));
    const missing = own.map(([file]) => file).filter((file) => !fs.existsSync(file));
    const { findings, internal } = await analyse({ cwd, inputs: [cwd, ...missing], rules, configurations, parser, overlays });
    if (internal.length > 0) throw new Error(internal[0].stack ?? internal[0].message);
    return findings;
  }

  async #leave() {
    for (const file of this.#docs.keys()) server.notify('textDocument/didClose', { textDocument: { uri: this.#uri(file) } });
    this.#folders([], [this.folder]);
    const { error } = await server.request('drvlint/report', {}).answer;
    return error ? `drvlint/report: ${error.message}` : this.#isFine();
  }
}

function line({ code, range: { start, end }, message, severity }) {
  return `${start.line}:${start.character}-${end.line}:${end.character} ${code} ${severity} ${message}`;
}

function lineOfFinding(f) {
  return line({ code: f.rule, message: f.message, severity: ['error', 'warning', 'info'].indexOf(f.level) + 1, range: { start: { line: f.line - 1, character: f.column - 1 }, end: { line: f.endLine - 1, character: f.endColumn - 1 } } });
}

function positionIn(text, offset) {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1).length };
}

function splits(text, offset) {
  return text[offset - 1] === '\r' && text[offset] === '\n';
}
