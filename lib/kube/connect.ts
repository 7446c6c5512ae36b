// Finds the cluster: named by settings, the pod's service account, or a kubeconfig file, in this order.
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { rememberFor } from '../remember';
import { httpsTransport } from './https';
import type { Transport } from './transport';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The kubelet renews projected tokens well before they expire; a minute behind is always early enough. */
const TOKEN_AGE_MS = 60_000;
/** Logins of exec plugins may be short-lived, and the client knows when to renew them. */
const LOGIN_AGE_MS = 5_000;

export interface ClusterSettings {
  /** `https://host:port` of an API server; together with a token file and a CA file. */
  readonly apiUrl?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly caFile?: string | undefined;
  /** Context of the kubeconfig file; the current one when absent. */
  readonly context?: string | undefined;
  /** Set by Kubernetes in every pod. */
  readonly serviceHost?: string | undefined;
  readonly servicePort?: string | undefined;
}

export interface Connection {
  readonly transport: Transport;
  /** Namespace of the pod or of the kubeconfig context. */
  readonly namespace: string | undefined;
}

export async function connect(settings: ClusterSettings): Promise<Connection> {
  const { apiUrl, tokenFile, caFile, serviceHost, servicePort } = settings;
  if (apiUrl !== undefined) return fromFiles(apiUrl, tokenFile, caFile);
  if (serviceHost !== undefined && settings.context === undefined && existsSync(`${SERVICE_ACCOUNT}/token`)) {
    const host = serviceHost.includes(':') ? `[${serviceHost}]` : serviceHost;
    const url = `https://${host}:${servicePort ?? '443'}`;
    const { transport } = fromFiles(url, `${SERVICE_ACCOUNT}/token`, `${SERVICE_ACCOUNT}/ca.crt`);
    return { transport, namespace: readFileSync(`${SERVICE_ACCOUNT}/namespace`, 'utf8').trim() };
  }
  return fromKubeconfig(settings.context);
}

function fromFiles(url: string, tokenFile?: string, caFile?: string): Connection {
  const transport = httpsTransport({
    url: new URL(url),
    ca: caFile === undefined ? undefined : readFileSync(caFile),
    ...(tokenFile !== undefined && { authorization: bearerFrom(tokenFile) }),
  });
  return { transport, namespace: undefined };
}

function bearerFrom(file: string): () => Promise<string> {
  return rememberFor(TOKEN_AGE_MS, async () => `Bearer ${(await readFile(file, 'utf8')).trim()}`);
}

/** Loaded only here: 25 MB of JavaScript that no pod needs. It knows exec plugins, client certificates and merged files. */
async function fromKubeconfig(context: string | undefined): Promise<Connection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  if (context !== undefined) config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`no cluster found: set KUBECONFIG, or name a context that it holds`);
  const tls = await credentialsOf(config);
  const transport = httpsTransport({
    url: new URL(cluster.server),
    ca: tls.ca as Buffer | undefined,
    cert: tls.cert as Buffer | undefined,
    key: tls.key as Buffer | undefined,
    rejectUnauthorized: tls.rejectUnauthorized,
    authorization: rememberFor(LOGIN_AGE_MS, async () => (await credentialsOf(config)).headers?.['Authorization']),
  });
  return { transport, namespace: config.getContextObject(config.getCurrentContext())?.namespace };
}

type Credentials = RequestOptions & { headers?: Record<string, string> };

async function credentialsOf(config: {
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}): Promise<Credentials> {
  const options: Credentials = { headers: {} };
  await config.applyToHTTPSOptions(options);
  return options;
}
