// `hubfn archive release` and `undo`: a claim is given up, and brought back as long as its volume is kept.
import { parseArgs } from 'node:util';
import type { Command } from '../command';
import { table } from '../jobs/table';
import { accessOptions, accessUsage, openApi } from './access';
import type { Release } from './answers';
import { createClient } from './client';
import { onlyOf } from './operations';

export const release: Command = {
  name: 'archive release',
  summary: 'give up a claim that is archived, verified and unused since',
  usage: `CLAIM [options]
       hubfn archive release --list [options]
      --list               show what is on its way out
${accessUsage}`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...accessOptions, list: { type: 'boolean', default: false } },
    });
    const claim = values.list ? undefined : onlyOf(positionals, 'CLAIM');
    const client = createClient(await openApi(values, terminal));
    if (claim !== undefined) return terminal.write(`${told(await client.release(claim))}\n`);
    const rows = (await client.releases()).map((one) => [
      one.claim,
      one.phase,
      one.archive ?? '-',
      one.keptUntil ?? '-',
      one.trouble ?? '',
    ]);
    terminal.write(
      rows.length === 0
        ? 'no claim is on its way out\n'
        : table([['CLAIM', 'PHASE', 'ARCHIVE', 'KEPT UNTIL', ''], ...rows]),
    );
  },
};

export const undo: Command = {
  name: 'archive undo',
  summary: 'bring back the claim that was given up',
  usage: `ID [options]
ID is that of the archive that hubfn archive release has told.
${accessUsage}`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: accessOptions });
    const id = onlyOf(positionals, 'ID');
    const undone = await createClient(await openApi(values, terminal)).undo(id);
    terminal.write(`${told(undone)}\n`);
    return undone.trouble === undefined ? 0 : 1;
  },
};

function told({ claim, phase, archive, keptUntil, trouble }: Release): string {
  if (trouble !== undefined) return `claim ${claim} ${phase}: ${trouble}`;
  const until = keptUntil === undefined ? '' : `, its volume is kept until ${keptUntil}`;
  const way = archive === undefined ? '' : `; hubfn archive undo ${archive} brings it back`;
  return `claim ${claim} ${phase}${until}${way}`;
}
