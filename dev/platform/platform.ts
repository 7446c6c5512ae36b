// Puts cluster, credentials, settings and gateway together: what a platform such as Knative does for the functions.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credential } from '../../lib/credentials/credential';
import { hashPassword } from '../../lib/credentials/passwordHash';
import { createCredentialSecret, type CredentialSecret } from '../../lib/credentials/secret';
import { hasCode } from '../../lib/kube/errors';
import { createKube } from '../../lib/kube/kube';
import { startEvents, TRIGGERS } from '../events/events';
import { startGateway } from '../gateway/gateway';
import { credential } from '../walkthrough';
import type { PlatformCluster } from './cluster';
import { mountCredentials } from './credentialMount';
import { readRoster } from './roster';
import type { StateFolder } from './stateFolder';

export interface PlatformOptions {
  readonly cluster: PlatformCluster;
  readonly state: StateFolder;
  /** The checkout: its `dist` and `descriptions` are used. */
  readonly root: string;
  readonly port: number;
  readonly idleSeconds: number;
  /** Output of the functions to this terminal instead of files. */
  readonly verbose: boolean;
  /** What every process needs of this one's environment: PATH, HOME. */
  readonly environment: Readonly<Record<string, string>>;
  readonly report: (message: string) => void;
}

export interface Platform {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const readyTimeoutMs = 30_000;
const mountEveryMs = 500;
const deadlineMs = 20_000;

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { cluster, state, root, verbose } = options;
  const ending = new AbortController();
  const credentials = join(state.path, 'credentials');
  const secret = createCredentialSecret(createKube(cluster.transport), cluster.namespace);
  const local = await provideCredential(options, secret);
  if (cluster.isOwn) await provideRepository(cluster);
  await mountCredentials({ secret, directory: credentials, local, everyMs: mountEveryMs, signal: ending.signal });
  const gateway = await startGateway({
    port: options.port,
    functions: readRoster(join(root, 'dist', 'functions')),
    environment: functionEnvironment(options, credentials, writeConfig(root, state)),
    idleMs: options.idleSeconds * 1_000,
    readyTimeoutMs,
    remember: state.remember,
    openOutput: (name) => (verbose ? 'inherit' : state.openLog(name)),
    findService: cluster.findService,
    report: options.report,
  });
  const { transport, namespace } = cluster;
  const source = cluster.environment['KUBE_API_URL'] ?? 'https://kubernetes.default.svc';
  for (const [name, watched] of Object.entries(TRIGGERS)) {
    const use = gateway.runnerOf(name)?.use;
    const { report } = options;
    if (use) startEvents({ transport, namespace, watched, source, use, report, signal: ending.signal });
  }
  return {
    port: gateway.port,
    async stop() {
      ending.abort();
      await gateway.stop();
    },
  };
}

/** The credential of the printed calls goes into a cluster of our own; a real one never gets a password that nobody asked for. */
async function provideCredential(
  { cluster, state }: PlatformOptions,
  secret: CredentialSecret,
): Promise<Readonly<Record<string, Credential>>> {
  const made: Credential = {
    password: await hashPassword(state.password),
    tokens: [],
    groups: ['access_to_webservice', 'access_to_logging', 'access_to_jobs', 'access_to_archives'],
    active: true,
  };
  if (!cluster.isOwn) return { [credential]: made };
  await secret.change(credential, () => Promise.resolve(made), { signal: AbortSignal.timeout(deadlineMs) });
  return {};
}

/** Where archives go; an operator makes it as deploy/knative does. */
async function provideRepository({ transport, namespace }: PlatformCluster): Promise<void> {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'archive-repository', namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  try {
    await createKube(transport).create(claim, { signal: AbortSignal.timeout(deadlineMs) });
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
  }
}

function functionEnvironment(
  { cluster, state, environment, port, root }: PlatformOptions,
  credentials: string,
  config: string,
): Readonly<Record<string, string>> {
  return {
    ...environment,
    ...cluster.environment,
    LISTEN_HOST: '127.0.0.1',
    CONFIG_PATH: config,
    CREDENTIALS_DIR: credentials,
    INTAKE_SECRETS: join(state.path, 'intake'),
    JOBS_URL: `http://127.0.0.1:${port}/function/jobs`,
    ARCHIVES_URL: `http://127.0.0.1:${port}/function/archive`,
    SSH_DIRECTORY: join(state.path, 'ssh'),
    ...(cluster.isOwn && { TUNNEL_IMAGE: 'local/hub-functions-userjobs:1' }),
    MOVER_IMAGE: 'local/hub-functions-mover:1',
    ...(cluster.isOwn && { MOVER_PROGRAM: join(root, 'dist', 'mover', 'index.js') }),
    DEPLOYMENT_NAME: 'hub-functions',
    DEPLOYMENT_NAMESPACE: cluster.namespace,
    LOG_LEVEL: 'debug',
  };
}

/** The sample settings, with the descriptions of the checkout: a change there is taken at the next start of a service. */
function writeConfig(root: string, state: StateFolder): string {
  const sample = JSON.parse(readFileSync(join(root, 'descriptions', 'config.json'), 'utf8')) as {
    services: Record<string, unknown>;
    reaper?: Record<string, unknown>;
  };
  const services = { ...sample.services, descriptions: join(root, 'descriptions') };
  const file = join(state.path, 'config.json');
  // Nothing on this machine is anybody's whom a first run should spare.
  const reaper = { ...sample.reaper, dry_run: false };
  writeFileSync(file, JSON.stringify({ ...sample, services, reaper }, undefined, 2));
  return file;
}
