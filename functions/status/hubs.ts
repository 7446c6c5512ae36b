// Finds the hub of a service and tells it: its address and token come from the start's Secret, and go nowhere else.
import type { Call, Kube } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { Log } from '../../lib/log';
import { isOwnedBy } from '../../lib/manifests/ownership';
import type { Anchor } from '../../lib/services/anchor';
import { serviceId } from '../../lib/services/names';
import type { ProgressEvent } from '../../lib/services/progress';
import { secretNames } from '../../lib/services/secretNames';
import type { StatusSettings } from './config';
import { environmentOf, hubAddress, type HubAddress } from './hubAddress';
import { createPost, type Outcome } from './post';

export interface Hubs {
  /** Whether any hub may be told for a credential; says once which key is missing. */
  readonly isAllowed: (credential: string) => boolean;
  readonly tell: (piece: { readonly anchor: Anchor; readonly event: ProgressEvent }, call: Call) => Promise<Outcome>;
}

export interface HubsOptions {
  readonly kube: Kube;
  readonly settings: StatusSettings;
  readonly log: Log;
}

const REMEMBERED = 500;

export function createHubs(options: HubsOptions): Hubs {
  const { settings, log } = options;
  const post = createPost(settings.hubCertificates);
  const warned = new Set<string>();
  const known = new Map<string, HubAddress>();

  const addressOf = async (anchor: Anchor, call: Call): Promise<HubAddress | undefined> => {
    const found = known.get(anchor.uid) ?? (await readAddress(options, anchor, call));
    if (found === undefined) return undefined;
    known.set(anchor.uid, found);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    return found;
  };

  return {
    isAllowed: (credential) => {
      if ((settings.file.hubs[credential] ?? []).length > 0) return true;
      if (!warned.has(credential)) log.info('no hub is told: config.json names none', { key: `hubs.${credential}` });
      warned.add(credential);
      return false;
    },
    tell: async ({ anchor, event }, call) => {
      const address = await addressOf(anchor, call);
      if (address === undefined) return { result: 'refused', detail: 'the start names no hub that config.json allows' };
      return post({ url: address.url, token: address.token, body: address.bodyOf(event) }, call.signal);
    },
  };
}

async function readAddress(
  { kube, settings }: HubsOptions,
  { start, object }: Anchor,
  call: Call,
): Promise<HubAddress | undefined> {
  const name = secretNames(serviceId(start), settings.deploymentName).environment;
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: settings.namespace, name };
  const secret = await kube.get<KubeObject>(ref, call);
  if (secret === undefined || !isOwnedBy(object, secret)) return undefined;
  return hubAddress(environmentOf(secret['data']), settings.file.hubs[start.credential] ?? []);
}
