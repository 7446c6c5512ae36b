// `hubfn archive download`: a tar stream or a single file; what breaks off leaves no file that looks whole.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { AppError } from '../../lib/errors';
import { usageError, type Command, type Terminal } from '../command';
import { accessOptions, accessUsage, openApi } from './access';
import { createClient } from './client';
import { teller } from './follow';
import { onlyOf } from './operations';
import { progressText } from './progress';

export const download: Command = {
  name: 'archive download',
  summary: 'download an archive as tar, or a file of it',
  usage: `ID [options]
      --path PATH          only this of it: /notebooks, /notebooks/one.ipynb
  -o, --output FILE        (default: the output of this command)
${accessUsage}

Only through the function (--url): nobody else reaches a mover.

examples:
  hubfn archive download ID | tar -x
  hubfn archive download ID --path /thesis.pdf -o thesis.pdf`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...accessOptions, path: { type: 'string' }, output: { type: 'string', short: 'o' } },
    });
    const id = onlyOf(positionals, 'ID');
    if (values.url === undefined && !terminal.environment['HUBFN_URL'])
      throw usageError('download needs --url or HUBFN_URL');
    const client = createClient(await openApi(values, terminal));
    const { body, headers } = await client.download(id, values.path === undefined ? {} : { path: values.path });
    const source = { body, totalBytes: Number(headers['content-length'] ?? 0) };
    if (values.output === undefined) await pass(source, terminal);
    else await keep(source, values.output, terminal);
  },
};

interface Source {
  readonly body: AsyncIterable<Uint8Array>;
  readonly totalBytes: number;
}

async function pass({ body }: Source, { output }: Terminal): Promise<void> {
  await pipeline(body, output, { end: false }).catch((error: unknown) => {
    throw brokenOff(error);
  });
}

async function keep({ body, totalBytes }: Source, file: string, terminal: Terminal): Promise<void> {
  const part = `${file}.part`;
  const told = teller(terminal);
  try {
    await pipeline(body, counting(totalBytes, told.tell), createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw brokenOff(error);
  } finally {
    told.end();
  }
}

const TELL_EVERY_MS = 1_000;

function counting(totalBytes: number, tell: (status: string) => void): Transform {
  const began = Date.now();
  let [bytes, toldAt] = [0, began];
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length;
      const now = Date.now();
      if (now - toldAt >= TELL_EVERY_MS) {
        toldAt = now;
        const rate = Math.round((1000 * bytes) / (now - began));
        tell(progressText({ phase: 'download', files: 0, bytes, totalFiles: 0, totalBytes, rate }));
      }
      next(null, chunk);
    },
  });
}

function brokenOff(cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AppError('broken_off', 502, `The download broke off: ${why}. Nothing of it is whole. Try again.`, {
    cause,
  });
}
