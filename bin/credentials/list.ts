// `hubfn credentials list`: who may log in, how and where to; never a secret or its hash.
import { parseArgs } from 'node:util';
import type { Credential } from '../../lib/credentials/credential';
import { createCredentialSecret } from '../../lib/credentials/secret';
import { clusterOptions, clusterUsage, isJson, openCluster } from '../cluster';
import type { Command } from '../command';

export const listCredentials: Command = {
  name: 'credentials list',
  summary: 'show who may log in',
  usage: `[options]\n${clusterUsage}`,
  async run(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: clusterOptions });
    const asJson = isJson(values.output);
    const { kube, namespace, call } = await openCluster(values, terminal);
    const credentials = await createCredentialSecret(kube, namespace).list(call);
    const rows = [...credentials].map(([name, credential]) => describe(name, credential));
    terminal.write(asJson ? `${JSON.stringify(rows)}\n` : formatTable(rows));
  },
};

interface Row {
  readonly name: string;
  /** `broken`: the value cannot be read, so it refuses every login. */
  readonly state: 'active' | 'inactive' | 'broken';
  readonly password: boolean;
  readonly tokens: readonly { readonly created: string; readonly label?: string | undefined }[];
  readonly groups: readonly string[];
  readonly superuser: boolean;
}

function describe(name: string, credential: Credential | undefined): Row {
  if (!credential) return { name, state: 'broken', password: false, tokens: [], groups: [], superuser: false };
  return {
    name,
    state: credential.active ? 'active' : 'inactive',
    password: credential.password !== undefined,
    tokens: credential.tokens.map(({ created, label }) => ({ created, label })),
    groups: credential.groups,
    superuser: credential.superuser ?? false,
  };
}

function formatTable(rows: readonly Row[]): string {
  const header = ['NAME', 'STATE', 'PASSWORD', 'TOKENS', 'GROUPS'];
  const cells = rows.map(({ name, state, password, tokens, groups, superuser }) => [
    name,
    state,
    password ? 'yes' : 'no',
    tokens.length === 0 ? '0' : `${tokens.length} (${tokens.map((token) => token.label ?? token.created).join(', ')})`,
    superuser ? 'all' : groups.join(',') || '-',
  ]);
  const widths = header.map((_title, column) => Math.max(...[header, ...cells].map((row) => row[column]?.length ?? 0)));
  const lines = [header, ...cells].map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
