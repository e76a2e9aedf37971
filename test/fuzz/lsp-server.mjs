// A language server as a process, spoken to in frames made by hand: a client that may send anything, and that answers what it is asked.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../packages/language-server/bin/drvlint-language-server.js');

export class RawServer {
  /** Latest diagnostics by URI. */
  published = new Map();
  /** What the server logged as an error. */
  errors = [];
  stderr = '';
  alive = true;
  /** Answer to workspace/configuration. */
  settings = {};
  #nextId = 1;
  #waiting = new Map();
  #rest = Buffer.alloc(0);

  constructor(cacheFolder) {
    this.process = spawn(process.execPath, [bin, '--stdio'], { stdio: 'pipe', env: { ...process.env, XDG_CACHE_HOME: cacheFolder } });
    this.process.stderr.on('data', (text) => { this.stderr += String(text); });
    this.process.stdout.on('data', (bytes) => this.#read(bytes));
    this.process.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => this.process.on('exit', (code, signal) => {
      this.alive = false;
      for (const { resolve: end } of this.#waiting.values()) end({ error: { code: 'exit', message: `the server ended with ${code ?? signal}` } });
      resolve(code);
    }));
  }

  async start(folders, capabilities) {
    const workspaceFolders = folders.map((uri) => ({ uri, name: uri }));
    const answer = await this.request('initialize', { processId: process.pid, rootUri: folders[0] ?? null, workspaceFolders, capabilities }).answer;
    this.notify('initialized', {});
    return answer;
  }

  /** A frame with this body: text, or bytes that need not be text. */
  raw(body) {
    if (!this.alive) return;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    this.process.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${bytes.length}\r\n\r\n`), bytes]));
  }

  notify(method, params) {
    this.raw(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  request(method, params) {
    const id = this.#nextId++;
    const answer = new Promise((resolve) => this.#waiting.set(id, { method, resolve }));
    this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return { id, answer };
  }

  /** Methods of the requests that have no answer yet. */
  get unanswered() {
    return [...this.#waiting.values()].map(({ method }) => method);
  }

  #read(bytes) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const end = this.#rest.indexOf('\r\n\r\n');
      const length = end < 0 ? NaN : Number(/Content-Length: (\d+)/i.exec(this.#rest.toString('latin1', 0, end))?.[1]);
      if (end < 0 || this.#rest.length < end + 4 + length) return;
      const message = JSON.parse(this.#rest.toString('utf8', end + 4, end + 4 + length));
      this.#rest = this.#rest.subarray(end + 4 + length);
      this.#hear(message);
    }
  }

  #hear({ id, method, params, result, error }) {
    if (method === undefined) {
      this.#waiting.get(id)?.resolve({ result, error });
      this.#waiting.delete(id);
    } else if (id !== undefined) {
      this.raw(JSON.stringify({ jsonrpc: '2.0', id, result: method === 'workspace/configuration' ? [this.settings] : null }));
    } else if (method === 'textDocument/publishDiagnostics') this.published.set(params.uri, params);
    else if (method === 'window/logMessage' && params.type === 1) this.errors.push(params.message);
  }

  /** Ends the server: politely, then not. */
  async stop() {
    if (this.alive) {
      const timer = setTimeout(() => this.process.kill('SIGKILL'), 5000);
      this.request('shutdown');
      this.notify('exit');
      await this.exited;
      clearTimeout(timer);
    }
  }
}
