// The Secret that holds the credentials: one key each, and a change touches that key only.
import { hasCode } from '../kube/errors';
import type { Call, Kube } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import { credentialsSecret, parseCredential, type Credential } from './credential';

export interface CredentialSecret {
  /** By name; `undefined` where the value is not a credential. */
  list(call: Call): Promise<ReadonlyMap<string, Credential | undefined>>;
  /** Writes what `decide` makes of the present credential, and decides again when someone else was faster. */
  change(name: string, decide: (existing: Credential | undefined) => Promise<Credential>, call: Call): Promise<void>;
  /** False when there was none. */
  remove(name: string, call: Call): Promise<boolean>;
}

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const attempts = 5;

export function createCredentialSecret(kube: Kube, namespace: string): CredentialSecret {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: credentialsSecret };

  const write = async (secret: Secret | undefined, data: Record<string, string | null>, call: Call) => {
    if (!secret) return kube.create({ ...emptySecret(namespace), data }, call);
    return kube.mergePatch(ref, { metadata: { resourceVersion: secret.metadata?.resourceVersion }, data }, call);
  };

  return {
    async list(call) {
      const entries = Object.entries((await kube.get<Secret>(ref, call))?.data ?? {});
      return new Map(entries.map(([name, value]) => [name, decode(value)]));
    },
    change: (name, decide, call) =>
      untilUncontested(async () => {
        const secret = await kube.get<Secret>(ref, call);
        const existing = secret?.data?.[name];
        const credential = await decide(existing === undefined ? undefined : decode(existing));
        await write(secret, { [name]: Buffer.from(JSON.stringify(credential)).toString('base64') }, call);
      }),
    remove: (name, call) =>
      untilUncontested(async () => {
        const secret = await kube.get<Secret>(ref, call);
        if (secret?.data?.[name] === undefined) return false;
        await write(secret, { [name]: null }, call);
        return true;
      }),
  };
}

function emptySecret(namespace: string): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: credentialsSecret, namespace, labels: { 'app.kubernetes.io/part-of': 'hub-functions' } },
    type: 'Opaque',
  };
}

function decode(value: string): Credential | undefined {
  return parseCredential(Buffer.from(value, 'base64').toString());
}

async function untilUncontested<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt === attempts || !hasCode(error, 'conflict', 'already_exists')) throw error;
    }
  }
}
