import { decode } from '@drvlint/core';

/** All of a stream as text, whatever its encoding. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return decode(Buffer.concat(chunks), '<stdin>').text;
}
