// The door to standard output and its like: what is written in one turn of the event loop leaves in one piece, and all of it before the exit.
import { writeSync } from 'node:fs';

const MAX_RETRIES = 1000;

export function createStdoutWriter(fd = 1): (text: string) => void {
  let waiting = '';
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    try {
      writeWhole(fd, text);
    } catch {
      // Nowhere is left to say that standard output is gone, and nobody must fail for it.
    }
  };
  process.on('exit', flush);
  return (text) => {
    if (waiting === '') setImmediate(flush);
    waiting += text;
  };
}

/** Synchronous, so that nothing is lost at an exit; a full pipe is tried again, not waited for. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  for (let retries = 0; written < bytes.length && retries < MAX_RETRIES;) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      retries += 1;
    }
  }
}
