// Streams of the process: a reader that goes away (`| head`) is no error, and standard input is read as bytes first.

import { decode } from '@drvlint/core';

export function onClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (e: NodeJS.ErrnoException) => {
    if (e.code !== 'EPIPE' && e.code !== 'EOF') throw e;
  });
}

export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return decode(Buffer.concat(chunks), '<stdin>').text;
}
