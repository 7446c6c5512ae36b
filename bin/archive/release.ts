// `hubfn archive release` and `undo`: a claim is given up, and brought back as long as its volume is kept.
import { parseArgs } from 'node:util';
import { AppError } from '../../lib/errors';
import type { Command, Terminal } from '../command';
import { table } from '../jobs/table';
import { accessOptions, accessUsage, openApi } from './access';
import type { Release } from './answers';
import { createClient, type ArchiveClient } from './client';
import { untilOver } from './follow';
import { detachUsage, exits, onlyOf, waiting } from './operations';

export const release: Command = {
  name: 'archive release',
  summary: 'give up a claim that is archived, verified and unused since',
  usage: `CLAIM [options]
       hubfn archive release --list [options]
      --list               show what is on its way out
${detachUsage}
${accessUsage}

${exits}`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...accessOptions, ...waiting, list: { type: 'boolean', default: false } },
    });
    const claim = values.list ? undefined : onlyOf(positionals, 'CLAIM');
    const client = createClient(await openApi(values, terminal));
    if (claim === undefined) return list(client, terminal);
    const ask = async (): Promise<Release> => client.release(claim);
    return end(values, terminal, { asked: await ask(), askAgain: ask });
  },
};

async function list(client: ArchiveClient, terminal: Terminal): Promise<number> {
  const rows = (await client.releases()).map((one) => [
    one.claim,
    one.phase,
    one.archive ?? '-',
    one.keptUntil ?? '-',
    one.trouble ?? '',
  ]);
  const all = table([['CLAIM', 'PHASE', 'ARCHIVE', 'KEPT UNTIL', ''], ...rows]);
  terminal.write(rows.length === 0 ? 'no claim is on its way out\n' : all);
  return 0;
}

export const undo: Command = {
  name: 'archive undo',
  summary: 'bring back the claim that was given up',
  usage: `ID [options]
ID is that of the archive that hubfn archive release has told.
${detachUsage}
${accessUsage}

${exits}`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...accessOptions, ...waiting },
    });
    const id = onlyOf(positionals, 'ID');
    const client = createClient(await openApi(values, terminal));
    const asked = await client.undo(id);
    return end(values, terminal, { asked, askAgain: async () => undoneOr(client, id, asked) });
  },
};

/** What was finished between two questions is no longer known as being released. */
async function undoneOr(client: ArchiveClient, id: string, { claim }: Release): Promise<Release> {
  return client.undo(id).catch((error: unknown) => {
    if (error instanceof AppError && error.status === 404) return { claim, phase: 'back' };
    throw error;
  });
}

interface Asked {
  readonly asked: Release;
  /** Goes on where the last one stopped, so that nobody else has to. */
  readonly askAgain: () => Promise<Release>;
}

async function end(
  { detach }: { readonly detach: boolean },
  terminal: Terminal,
  { asked, askAgain }: Asked,
): Promise<number> {
  const ended = detach ? asked : await untilOver(terminal, asked, statusOf, askAgain);
  terminal.write(`${told(ended)}\n`);
  return ended.trouble === undefined ? 0 : 1;
}

/** Undefined when it is over, or when people have to see to what is in its way. */
function statusOf(seen: Release): string | undefined {
  const { phase, trouble } = seen;
  const isUnderWay = (phase === 'releasing' || phase === 'undoing') && trouble === undefined;
  return isUnderWay ? told(seen) : undefined;
}

function told({ claim, phase, archive, keptUntil, trouble }: Release): string {
  if (trouble !== undefined) return `claim ${claim} ${phase}: ${trouble}`;
  const until = keptUntil === undefined ? '' : `, its volume is kept until ${keptUntil}`;
  const way = archive === undefined ? '' : `; hubfn archive undo ${archive} brings it back`;
  return `claim ${claim} ${phase}${until}${way}`;
}
