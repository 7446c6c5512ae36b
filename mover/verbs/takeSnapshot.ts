// Runs `restic backup` and reads what it tells on the way: how far it is, what it could not read, what it made.
import { join } from 'node:path';
import type { Context } from '../context';
import { failureOf, Failure } from '../failure';
import { parseLine } from '../restic/restic';
import { tagArguments } from '../restic/snapshots';
import { NOT_A_USERS, statsOf, type Sight } from '../source/walk';

export interface Taken {
  /** The beginning of its id. */
  readonly snapshot: string;
  readonly added: number;
  /** Entries that were gone when they were to be read. */
  readonly vanished: number;
  /** Entries that are there and could not be read. */
  readonly unread: number;
  readonly unreadExample?: string;
}

type Line = Readonly<Record<string, unknown>>;

/** restic made a snapshot, but of less than there was. */
const INCOMPLETE = 3;

export async function takeSnapshot(context: Context, sight: Sight): Promise<Taken> {
  const troubles: string[] = [];
  let summary: Line = {};
  const { code, said } = await context.restic.run({
    args: backupArguments(context, sight),
    isMixed: true,
    onLine: (text) => {
      const line = parseLine(text);
      if (line?.['message_type'] === 'status') tellStatus(context, line);
      if (line?.['message_type'] === 'error') troubles.push(itemOf(line));
      if (line?.['message_type'] === 'summary') summary = line;
    },
  });
  if (code !== 0 && code !== INCOMPLETE) throw failureOf(said);
  const taken = readSummary(summary);
  return { ...taken, ...sortTroubles(troubles, code === INCOMPLETE) };
}

function backupArguments({ request, places }: Context, { files, bytes, sparse }: Sight): readonly string[] {
  const counted = tagArguments({ files: String(files), bytes: String(bytes), sparse: String(sparse) });
  const given = tagArguments({ user: request.user, ...request.tags });
  const exclude = NOT_A_USERS.flatMap((name) => ['--exclude', join(places.source, name)]);
  return ['backup', '--json', '--host', request.claim, ...given, ...counted, ...exclude, '--', places.source];
}

function tellStatus({ progress }: Context, line: Line): void {
  const number = (name: string): number => Number(line[name] ?? 0);
  progress.tell('backup', {
    files: number('files_done'),
    bytes: number('bytes_done'),
    totalFiles: number('total_files'),
    totalBytes: number('total_bytes'),
  });
}

function itemOf({ item }: Line): string {
  return typeof item === 'string' ? item : '';
}

function readSummary(line: Line): Pick<Taken, 'snapshot' | 'added'> {
  const { snapshot_id: snapshot } = line;
  if (typeof snapshot !== 'string')
    throw new Failure('Unknown', 'restic ended well, but told of no snapshot: repeat this.');
  return { snapshot, added: Number(line['data_added'] ?? 0) };
}

/** What restic leaves out without naming it counts as unread. */
function sortTroubles(
  paths: readonly string[],
  isIncomplete: boolean,
): Pick<Taken, 'vanished' | 'unread' | 'unreadExample'> {
  const unread = paths.filter((path) => path === '' || statsOf(Buffer.from(path)) !== undefined);
  const unnamed = isIncomplete && paths.length === 0 ? 1 : 0;
  const [unreadExample] = unread;
  return {
    vanished: paths.length - unread.length,
    unread: unread.length + unnamed,
    ...(unreadExample !== undefined && { unreadExample }),
  };
}
