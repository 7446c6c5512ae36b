// The files and the login that a function is warmed up with: the sample descriptions, and a credential for the moment.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { digestToken } from '../../lib/credentials/credential';
import { createKube, type Kube } from '../../lib/kube/kube';
import type { PlatformCluster } from '../platform/cluster';

export interface Installation {
  readonly environment: Readonly<Record<string, string>>;
  readonly authorization: string;
  readonly kube: Kube;
}

/** The hub that the sample descriptions are for. */
const HUB = 'jupyterhub';

/** Nobody answers there, but who is to empty a queue loads what it needs for that. */
const QUEUES = { redis: 'redis://127.0.0.1:9', queues: { warm: { credential: HUB, takes: ['request'] } } };

export function openInstallation(folder: string, cluster: PlatformCluster): Installation {
  const credentials = join(folder, 'credentials');
  const token = randomBytes(32).toString('hex');
  const tokens = [{ sha256: digestToken(token), created: new Date().toISOString() }];
  mkdirSync(credentials);
  const groups = ['access_to_webservice', 'access_to_archives'];
  writeFileSync(join(credentials, HUB), JSON.stringify({ groups, tokens }), { mode: 0o600 });
  const sample = JSON.parse(readFileSync('descriptions/config.json', 'utf8')) as { readonly services: object };
  const config = join(folder, 'config.json');
  const services = { ...sample.services, descriptions: resolve('descriptions') };
  writeFileSync(config, JSON.stringify({ ...sample, services, intake: QUEUES }));
  return {
    authorization: `Token ${token}`,
    kube: createKube(cluster.transport),
    environment: {
      ...cluster.environment,
      CONFIG_PATH: config,
      CREDENTIALS_DIR: credentials,
      DEPLOYMENT_NAMESPACE: 'default',
      PORT: '0',
      LISTEN_HOST: '127.0.0.1',
      // Nothing is archived while it warms up.
      MOVER_IMAGE: 'hub-functions-mover',
    },
  };
}
