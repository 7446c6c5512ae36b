// Waits until nothing is being done with an archive any more, and tells how far it is.
import { createPauses } from '../jobs/pause';
import type { Terminal } from '../command';
import type { ArchiveApi } from './access';
import type { Archive } from './answers';
import type { ArchiveClient } from './client';
import { endText, statusText } from './progress';

export interface Following {
  readonly api: ArchiveApi;
  readonly client: ArchiveClient;
  readonly terminal: Terminal;
}

/** Exit code: 0 when the last operation was done. What is told beside the output leaves room for `--json` and downloads. */
export async function follow({ api, client, terminal }: Following, asked: Archive): Promise<number> {
  const archive = await untilOver(terminal, asked, statusText, async ({ id, user }) => {
    await api.goOn(user);
    return client.get(id);
  });
  terminal.write(`${endText(archive)}\n`);
  return archive.last?.outcome === 'done' ? 0 : 1;
}

/** Looks again and again, and tells how far it is, until there is no status to tell. */
export async function untilOver<T>(
  terminal: Terminal,
  asked: T,
  ...[statusOf, lookAgain]: readonly [(seen: T) => string | undefined, (seen: T) => Promise<T>]
): Promise<T> {
  const told = teller(terminal);
  const pauses = createPauses();
  let seen = asked;
  for (let status = statusOf(seen); status !== undefined; status = statusOf(seen)) {
    if (told.tell(status)) pauses.reset();
    await pauses.next();
    seen = await lookAgain(seen);
  }
  told.end();
  return seen;
}

const ERASE_LINE = '\r\u001B[K';

export interface Teller {
  /** Answers whether that was news. */
  readonly tell: (status: string) => boolean;
  readonly end: () => void;
}

export function teller({ columns, writeError }: Pick<Terminal, 'columns' | 'writeError'>): Teller {
  let last = '';
  return {
    tell: (status: string): boolean => {
      if (status === last) return false;
      last = status;
      writeError(columns === undefined ? `${status}\n` : `${ERASE_LINE}${status.slice(0, columns - 1)}`);
      return true;
    },
    end: (): void => {
      if (columns !== undefined && last !== '') writeError(ERASE_LINE);
    },
  };
}
