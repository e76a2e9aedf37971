// The server as one file for the VS Code extension: forked by the desktop, a worker in the browser. It gets its data first, since the
// modules of the server read their tables when they are loaded.

import { providePacked } from './data.js';
import { isNode } from './fs.js';

interface FirstMessage { data: Uint8Array }

/** The first message brings the data; from the answer on, the client speaks the protocol. */
function startInBrowser(): void {
  const worker = globalThis as unknown as { onmessage: ((event: { data: FirstMessage }) => void) | null; postMessage(message: unknown): void };
  worker.onmessage = ({ data: { data } }) => {
    worker.onmessage = null;
    providePacked(data);
    void import('./in-browser.js').then(({ start }) => {
      start();
      worker.postMessage({ ready: true });
    });
  };
}

if (isNode) void import('./in-node.js').then(({ start }) => start());
else startInBrowser();
