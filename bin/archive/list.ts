// `hubfn archive list`: what is archived, and when each was last proven.
import { parseArgs } from 'node:util';
import type { Command } from '../command';
import { table } from '../jobs/table';
import { accessOptions, accessUsage, openApi } from './access';
import type { Archive } from './answers';
import { createClient } from './client';
import { bytesText } from './progress';

export const list: Command = {
  name: 'archive list',
  summary: 'show archives, and when each was last proven',
  usage: `[options]
      --claim CLAIM        only those of it
      --of USER            only those of this user
      --json               answers for programs
${accessUsage}`,
  run: async (args, terminal) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...accessOptions,
        claim: { type: 'string' },
        of: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const { claim, of: user } = values;
    const query = { ...(claim !== undefined && { claim }), ...(user !== undefined && { user }) };
    const archives = await createClient(await openApi(values, terminal)).list(query);
    if (values.json) return terminal.write(`${JSON.stringify(archives)}\n`);
    terminal.write(archives.length === 0 ? 'no archives\n' : table([HEAD, ...archives.map(rowOf)]));
  },
};

const HEAD = ['ID', 'CLAIM', 'USER', 'ARCHIVED', 'FILES', 'SIZE', 'VERIFIED', 'DRILLED', 'STATE'];

function rowOf({ id, claim, user, files, bytes, hold, operation, phase, ...times }: Archive): readonly string[] {
  const [archived, verified, drilled] = [times.archivedAt, times.verifiedAt, times.drilledAt].map(
    (time) => time?.slice(0, 16) ?? '-',
  );
  const state = operation === undefined ? phase : `${operation.verb} ${operation.phase}`;
  return [
    id,
    claim,
    user,
    archived ?? '-',
    String(files ?? '-'),
    bytes === undefined ? '-' : bytesText(bytes),
    verified ?? '-',
    drilled ?? '-',
    hold ? `${state}, held` : state,
  ];
}
