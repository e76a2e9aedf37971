/** A reader that goes away (`| head`) is no error. */
export function onClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (e: NodeJS.ErrnoException) => {
    if (e.code !== 'EPIPE' && e.code !== 'EOF') throw e;
  });
}
