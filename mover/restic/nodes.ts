// Single entries of a snapshot, as its tree tells them.
import * as z from 'zod';
import { failureOf } from '../failure';
import { parseLine, type Restic } from './restic';

const nodeSchema = z.object({
  path: z.string(),
  type: z.string(),
  size: z.number().default(0),
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  mtime: z.string(),
});

export type SnapshotNode = z.infer<typeof nodeSchema>;

/** By path; what the snapshot does not hold is missing. */
export async function readNodes(
  restic: Restic,
  snapshot: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, SnapshotNode>> {
  const nodes = new Map<string, SnapshotNode>();
  const { code, said } = await restic.run({
    args: ['ls', '--json', snapshot, ...paths],
    onLine: (text) => {
      const line = parseLine(text);
      // Folders come with all that is in them.
      if (typeof line?.['path'] !== 'string' || !paths.includes(line['path'])) return;
      const node = nodeSchema.parse(line);
      nodes.set(node.path, node);
    },
  });
  if (code !== 0) throw failureOf(said);
  return nodes;
}

const PLAIN = new Set(['dir', 'file', 'symlink']);

/** Kinds of what is neither folder, file nor link, by path: an archive tells them as empty files. */
export async function readSpecials(restic: Restic, snapshot: string): Promise<ReadonlyMap<string, string>> {
  const specials = new Map<string, string>();
  const { code, said } = await restic.run({
    args: ['ls', '--json', snapshot],
    onLine: (text) => {
      const { path, type } = parseLine(text) ?? {};
      if (typeof path === 'string' && typeof type === 'string' && !PLAIN.has(type)) specials.set(path, type);
    },
  });
  if (code !== 0) throw failureOf(said);
  return specials;
}

/** As Go keeps it, with bits of its own beyond the nine of every system. */
const GO_BITS: readonly (readonly [bit: number, unix: number])[] = [
  [23, 0o4000],
  [22, 0o2000],
  [20, 0o1000],
];

export function unixMode({ mode }: SnapshotNode): number {
  const special = GO_BITS.map(([bit, unix]) => (Math.floor(mode / 2 ** bit) % 2 === 1 ? unix : 0));
  return special.reduce((all, each) => all | each, mode % 0o1000);
}
