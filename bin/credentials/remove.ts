// `hubfn credentials remove`: ends a credential; what it started goes on running.
import { parseArgs } from 'node:util';
import { createCredentialSecret } from '../../lib/credentials/secret';
import { clusterOptions, clusterUsage, isJson, openCluster } from '../cluster';
import type { Command } from '../command';
import { parseName } from './name';

export const removeCredential: Command = {
  name: 'credentials remove',
  summary: 'end a credential; what it started goes on running',
  usage: `NAME [options]\n${clusterUsage}`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], options: clusterOptions, allowPositionals: true });
    const name = parseName(positionals);
    const asJson = isJson(values.output);
    const { kube, namespace, call } = await openCluster(values, terminal);
    const removed = await createCredentialSecret(kube, namespace).remove(name, call);
    if (!removed) throw new Error(`no credential ${name} in namespace ${namespace}: see hubfn credentials list`);
    terminal.write(asJson ? `${JSON.stringify({ name, namespace })}\n` : `credential ${name} removed\n`);
  },
};
