// node test/bench/editor.mjs [--starts N] [--edits N] [--json FILE]
// What an editor waits for, over the protocol and with the built server: first diagnostics with and without a memory of the last session,
// from a keystroke to its diagnostics (no debounce), hover, and memory over many edits, on a file of 5,000 lines in a project of 300.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { writeDriverProject } from './editor/driver-project.mjs';

const { values } = parseArgs({ options: { edits: { type: 'string', default: '1000' }, starts: { type: 'string', default: '3' }, json: { type: 'string' } } });
const server = path.resolve(import.meta.dirname, '../../packages/language-server/bin/drvlint-language-server.js');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-editor-bench-'));
const folder = path.join(scratch, 'driver');
const file = writeDriverProject(folder);
const text = fs.readFileSync(file, 'utf8');
const uri = pathToFileURL(file).href;

class Session {
  constructor(cache) {
    this.began = performance.now();
    this.process = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, XDG_CACHE_HOME: cache } });
    this.connection = createMessageConnection(new StreamMessageReader(this.process.stdout), new StreamMessageWriter(this.process.stdin));
    this.version = 1;
    this.connection.onNotification('textDocument/publishDiagnostics', ({ uri: of, version, diagnostics }) => {
      if (of === uri && version >= this.wanted) this.resolve?.(diagnostics);
    });
    this.connection.onRequest(() => null);
    this.connection.onNotification(() => undefined);
    this.connection.listen();
  }

  diagnostics(version) {
    this.wanted = version;
    return new Promise((resolve) => { this.resolve = resolve; });
  }

  async open() {
    await this.connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {}, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'driver' }], initializationOptions: { settings: { debounce: 0 } } });
    await this.connection.sendNotification('initialized', {});
    const first = this.diagnostics(1);
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text } });
    await first;
    return performance.now() - this.began;
  }

  /** Milliseconds from the start until all findings of the open file are known. */
  async complete() {

    await this.connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, context: { diagnostics: [] } });
    return performance.now() - this.began;
  }

  /** Milliseconds from the change to its diagnostics. */
  async type(range, written) {
    const from = performance.now();
    const done = this.diagnostics(++this.version);
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: this.version }, contentChanges: [{ range, text: written }] });
    await done;
    return performance.now() - from;
  }

  async hover(position) {
    const from = performance.now();
    await this.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position });
    return performance.now() - from;
  }

  /** Resident memory in MB. */
  get memory() {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${this.process.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  }

  async stop() {
    const gone = new Promise((resolve) => this.process.on('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await gone;
  }
}

const at = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
const middle = (list) => at(list, 0.5);
const rounded = (ms) => Math.round(ms * 10) / 10;

/** Places inside of bodies where a user types: behind statements, all over the file. */
const lines = text.split('\n');
const places = lines.flatMap((l, line) => (/^ {4,}\w.*;$/.test(l) ? [{ line, character: l.length }] : []));
const calls = lines.flatMap((l, line) => { const character = l.indexOf('KeReleaseSpinLock'); return character < 0 ? [] : [{ line, character }]; });

const result = { lines: lines.length, files: fs.readdirSync(folder).length };
const caches = Array.from({ length: Math.max(1, Number(values.starts)) }, (_, n) => path.join(scratch, `cache${n}`));
const starts = { cold: [], complete: [], warm: [] };
for (const cache of Number(values.starts) > 0 ? caches : []) {
  for (const kind of ['cold', 'warm']) {
    const session = new Session(cache);
    starts[kind].push(await session.open());
    process.stderr.write(`${kind} ${rounded(starts[kind].at(-1))}\n`);
    const complete = await session.complete();
    if (kind === 'cold') starts.complete.push(complete);
    // Until everything was read and the memory was written.
    await session.hover(calls[0]);
    await session.type({ start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, '');
    await new Promise((r) => setTimeout(r, 500));
    await session.stop();
  }
}
if (starts.cold.length > 0) Object.assign(result, { coldStart: rounded(middle(starts.cold)), coldComplete: rounded(middle(starts.complete)), warmStart: rounded(middle(starts.warm)) });

const session = new Session(caches[0]);
await session.open();
await session.complete();
await session.hover(calls[0]);
const edits = Number(values.edits);
const keystrokes = [];
const hovers = [];
const memory = [];
for (let n = 0; n < edits; n++) {
  const start = places[(n * 7919) % places.length];
  // A letter comes and goes again, as if typed and taken back.
  keystrokes.push(await session.type({ start, end: start }, n % 3 === 0 ? ' x++;' : ' '));
  const end = { line: start.line, character: start.character + (n % 3 === 0 ? 5 : 1) };
  keystrokes.push(await session.type({ start, end }, ''));
  if (n % 5 === 0) hovers.push(await session.hover(calls[(n * 31) % calls.length]));
  if (n % Math.ceil(edits / 20) === 0) { memory.push(session.memory); process.stderr.write(`${n} ${rounded(keystrokes.at(-1))} ms ${Math.round(session.memory)} MB\n`); }
}
memory.push(session.memory);
const settled = memory.slice(Math.ceil(memory.length / 4));
Object.assign(result, {
  edits: keystrokes.length, keystroke: { median: rounded(middle(keystrokes)), p95: rounded(at(keystrokes, 0.95)) }, hover: { median: rounded(middle(hovers)), p95: rounded(at(hovers, 0.95)) },
  memory: { first: Math.round(memory[0]), least: Math.round(Math.min(...settled)), most: Math.round(Math.max(...settled)), last: Math.round(memory.at(-1)) },
});
await session.stop();
fs.rmSync(scratch, { recursive: true, force: true });
console.log(JSON.stringify(result, null, 2));
if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
