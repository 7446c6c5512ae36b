// `hubfn archive backup`, `verify` and `restore`: what movers do, waited for unless nobody wants to.
import { parseArgs } from 'node:util';
import { usageError, type Command, type Terminal } from '../command';
import { accessOptions, accessUsage, openApi, type AccessArguments } from './access';
import type { Archive } from './answers';
import { createClient, type ArchiveClient } from './client';
import { follow } from './follow';

export const waiting = { detach: { type: 'boolean', default: false } } as const;
export const detachUsage = '      --detach             do not wait for its end';
export const exits = 'exit code: 0 when it is done, 1 when it failed. Ctrl-C ends the waiting, never the work.';

export const backup: Command = {
  name: 'archive backup',
  summary: "archive a user's claim",
  usage: `CLAIM [options]
      --hold               keep it whatever the policy says
      --tag NAME=VALUE     to tell it by; repeatable
      --min-files N        fewer files are taken for a loss
${detachUsage}
${accessUsage}

${exits}

examples:
  hubfn archive backup claim-ada
  hubfn archive backup claim-ada --hold --tag term=2026`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...accessOptions,
        ...waiting,
        hold: { type: 'boolean', default: false },
        tag: { type: 'string', multiple: true, default: [] },
        'min-files': { type: 'string' },
      },
    });
    const claim = onlyOf(positionals, 'CLAIM');
    const minFiles = values['min-files'];
    const body = {
      claim,
      hold: values.hold,
      tags: Object.fromEntries(values.tag.map(tagOf)),
      ...(minFiles !== undefined && { minFiles: numberOf(minFiles) }),
    };
    return done(values, terminal, async (client) => client.backUp(body));
  },
};

export const verify: Command = {
  name: 'archive verify',
  summary: 'read all of an archive, or restore and compare it',
  usage: `ID [options]
      --drill              restore it to a scratch claim and compare every file
${detachUsage}
${accessUsage}

${exits}`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...accessOptions, ...waiting, drill: { type: 'boolean', default: false } },
    });
    const id = onlyOf(positionals, 'ID');
    return done(values, terminal, async (client) => client.ask(id, values.drill ? 'drill' : 'verify'));
  },
};

export const restore: Command = {
  name: 'archive restore',
  summary: 'restore an archive, or a path in it, to a new claim',
  usage: `ID [options]
      --to CLAIM           name of the new claim (default: made from the old one's)
      --path PATH          only this of it: /notebooks
      --size SIZE          of the new claim (default: as the old one): 10Gi
      --storage-class NAME of the new claim (default: as the old one)
${detachUsage}
${accessUsage}

${exits}`,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...accessOptions,
        ...waiting,
        to: { type: 'string' },
        path: { type: 'string' },
        size: { type: 'string' },
        'storage-class': { type: 'string' },
      },
    });
    const id = onlyOf(positionals, 'ID');
    const { to: claim, path, size, 'storage-class': storageClass } = values;
    const wanted = Object.entries({ claim, path, size, storageClass }).filter(([, value]) => value !== undefined);
    return done(values, terminal, async (client) => client.ask(id, 'restore', Object.fromEntries(wanted)));
  },
};

async function done(
  values: AccessArguments & { readonly detach: boolean },
  terminal: Terminal,
  ask: (client: ArchiveClient) => Promise<Archive>,
): Promise<number> {
  const api = await openApi(values, terminal);
  const client = createClient(api);
  const archive = await ask(client);
  if (!values.detach) return follow({ api, client, terminal }, archive);
  terminal.write(
    `archive ${archive.id}: ${archive.operation?.verb ?? 'nothing'} ${archive.operation?.phase ?? 'to do'}\n`,
  );
  return 0;
}

export function onlyOf(positionals: readonly string[], what: string): string {
  const [only, ...more] = positionals;
  if (only === undefined || more.length > 0) throw usageError(`give one ${what}`);
  return only;
}

function tagOf(text: string): readonly [string, string] {
  const [name, value] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
  if (!text.includes('=') || name === '') throw usageError(`--tag ${text} is not NAME=VALUE`);
  return [name, value];
}

function numberOf(text: string): number {
  if (!/^\d+$/.test(text)) throw usageError(`--min-files ${text} is not a number`);
  return Number(text);
}
