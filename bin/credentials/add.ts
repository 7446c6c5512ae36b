// `hubfn credentials add`: makes a credential, or gives one a token, a new password or more groups.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createCredentialSecret } from '../../lib/credentials/secret';
import { clusterOptions, clusterUsage, isJson, openCluster } from '../cluster';
import { usageError, type Command, type Terminal } from '../command';
import { applyGrant } from './grant';
import { parseName } from './name';

const options = {
  ...clusterOptions,
  group: { type: 'string', multiple: true, default: [] as string[] },
  'password-stdin': { type: 'boolean', default: false },
  'password-file': { type: 'string' },
  token: { type: 'boolean', default: false },
  label: { type: 'string' },
  superuser: { type: 'boolean', default: false },
} as const;

const usage = `NAME [options]
      --group GROUP        access_to_webservice (what a new one gets by default), access_to_jobs or access_to_logging; may be repeated
      --password-stdin     read the password from the standard input
      --password-file FILE read the password from a file
      --token              make a token and show it once; an existing credential keeps its other tokens
      --label TEXT         what the token is for
      --superuser          belongs to every group
  A new credential that is given neither password nor token gets a password, which is shown once.
${clusterUsage}`;

export const addCredential: Command = {
  name: 'credentials add',
  summary: 'make a credential, or give one a token, another password or more groups',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const name = parseName(positionals);
    const asJson = isJson(values.output);
    const given = await readPassword(values, terminal);
    const { kube, namespace, call } = await openCluster(values, terminal);
    const secret = createCredentialSecret(kube, namespace);

    const token = values.token ? randomBytes(32).toString('base64url') : undefined;
    const isNew = (await secret.list(call)).get(name) === undefined;
    const made = isNew && !given && !token ? randomBytes(24).toString('base64url') : undefined;
    const grant = {
      groups: values.group,
      superuser: values.superuser,
      password: given ?? made,
      token,
      label: values.label,
    };
    await secret.change(name, (existing) => applyGrant(existing, grant, terminal.clock()), call);
    const added = { name, namespace, ...(made && { password: made }), ...(token && { token }) };
    terminal.write(asJson ? `${JSON.stringify(added)}\n` : describe(added));
  },
};

interface PasswordArguments {
  readonly 'password-stdin': boolean;
  readonly 'password-file'?: string | undefined;
}

async function readPassword(args: PasswordArguments, terminal: Terminal): Promise<string | undefined> {
  const file = args['password-file'];
  if (!args['password-stdin'] && file === undefined) return undefined;
  if (args['password-stdin'] && file !== undefined) throw usageError('give --password-stdin or --password-file');
  const text = file === undefined ? await terminal.readInput() : await readFile(file, 'utf8');
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw usageError('the password is empty');
  return password;
}

interface Added {
  readonly name: string;
  readonly namespace: string;
  readonly password?: string;
  readonly token?: string;
}

/** A secret is only ever shown here: the cluster holds its hash. */
function describe({ name, namespace, password, token }: Added): string {
  const lines = [`credential ${name} written in namespace ${namespace}; functions take it within two minutes`];
  if (password) {
    const header = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    lines.push('', `password (shown only now): ${password}`, `Authorization: ${header}`);
  }
  if (token) lines.push('', `token (shown only now): ${token}`, `Authorization: Token ${token}`);
  return `${lines.join('\n')}\n`;
}
