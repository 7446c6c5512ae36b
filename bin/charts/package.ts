// A chart as one file: read from what helm has packed, and packed again so that the same contents are always the same bytes.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { parse } from 'yaml';
import * as z from 'zod';
import { AppError } from '../../lib/errors';

/** Contents by path, as they are in the package: `hub-functions/Chart.yaml`. */
export type ChartFiles = ReadonlyMap<string, Buffer>;

const chartSchema = z.looseObject({ apiVersion: z.string(), name: z.string().min(1), version: z.string().min(1) });

/** What Chart.yaml says. */
export type ChartMetadata = z.infer<typeof chartSchema>;

export interface ChartPackage {
  readonly metadata: ChartMetadata;
  readonly file: string;
  readonly bytes: Buffer;
  /** Of the contents: not of their times, nor of who packed them. */
  readonly contents: string;
}

/** `label` names the file in messages. */
export async function readPackage(packed: Buffer, label: string): Promise<ChartPackage> {
  const files = await filesOf(packed).catch((error: unknown) => {
    throw new AppError('chart_broken', 400, `${label} is no package of a chart: ${(error as Error).message}`);
  });
  const chart = [...files].find(([path]) => /^[^/]+\/Chart\.yaml$/.test(path));
  const metadata = chartSchema.safeParse(chart && parse(chart[1].toString('utf8')));
  if (!metadata.success)
    throw new AppError('chart_broken', 400, `${label} has no Chart.yaml with a name and a version`);
  const { name, version } = metadata.data;
  return {
    metadata: metadata.data,
    file: `${name}-${version}.tgz`,
    bytes: await packedAgain(files),
    contents: digestOf(files),
  };
}

async function filesOf(packed: Buffer): Promise<ChartFiles> {
  const files: [string, Buffer][] = [];
  const entries = extract();
  Readable.from([gunzipSync(packed)]).pipe(entries);
  for await (const entry of entries) {
    const contents = await buffer(entry);
    if (entry.header.type === 'file') files.push([entry.header.name, contents]);
  }
  return new Map(files.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Nobody's, of no time, in the order of their names. */
async function packedAgain(files: ChartFiles): Promise<Buffer> {
  const packing = pack();
  for (const [name, contents] of files) {
    packing.entry({ name, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' }, contents);
  }
  packing.finalize();
  return gzipSync(await buffer(packing), { level: 9 });
}

/** Versions of helm write the same Chart.yaml with other quotes and orders. */
function digestOf(files: ChartFiles): string {
  const hash = createHash('sha256');
  for (const [path, contents] of files) {
    const told = path.endsWith('/Chart.yaml') ? Buffer.from(canonical(parse(contents.toString('utf8')))) : contents;
    hash.update(`${path}\0${told.length}\0`).update(told);
  }
  return hash.digest('hex');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
