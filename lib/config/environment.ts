// Environment variables that every function knows: where it listens, and how it reaches the cluster.
import * as z from 'zod';
import { globMatcher } from '../glob';
import type { ClusterSettings } from '../kube/connect';
import type { Level } from '../log';

export const serverVariables = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** Address to listen on; all of them by default, as in a container. */
  LISTEN_HOST: z.string().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(1024 * 1024),
  REQUEST_TIMEOUT_SECONDS: z.coerce.number().positive().default(55),
  DRAIN_SECONDS: z.coerce.number().min(0).default(30),
  /** Before that: how long new connections are taken after SIGTERM, where nothing waits for gateways to hear of it. */
  DRAIN_GRACE_SECONDS: z.coerce.number().min(0).default(0),
  /** Folder with `username`, `password` and `ca.crt` of the mail server for log handlers; each may be absent. */
  SMTP_DIR: z.string().default('/etc/hub-functions/smtp'),
};

export const clusterVariables = {
  /** Namespace of the function's objects; the pod's own when absent. */
  DEPLOYMENT_NAMESPACE: z.string().min(1).optional(),
  KUBE_API_URL: z.url().optional(),
  KUBE_TOKEN_FILE: z.string().optional(),
  KUBE_CA_FILE: z.string().optional(),
  /** A context of the kubeconfig file, outside of a cluster. */
  KUBE_CONTEXT: z.string().optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.string().optional(),
};

/** Of functions that events wake. */
export const eventVariables = {
  /** Shell globs: ApiServerSource names the API server, PingSource itself. */
  EVENT_SOURCES: z.string().default('https://*,/apis/v1/namespaces/*/pingsources/*'),
};

export function knownSources({
  EVENT_SOURCES: globs,
}: {
  readonly EVENT_SOURCES: string;
}): (source: string) => boolean {
  return globMatcher(globs.split(',').map((glob) => glob.trim()));
}

const server = z.object(serverVariables);
const cluster = z.object(clusterVariables);

export interface ServerSettings {
  readonly port: number;
  readonly host: string | undefined;
  readonly bodyLimitBytes: number;
  readonly requestTimeoutSeconds: number;
  readonly drainSeconds: number;
  readonly graceSeconds: number;
  readonly smtpDirectory: string;
}

export function serverSettings(variables: z.infer<typeof server>): ServerSettings {
  return {
    port: variables.PORT,
    host: variables.LISTEN_HOST,
    bodyLimitBytes: variables.BODY_LIMIT_BYTES,
    requestTimeoutSeconds: variables.REQUEST_TIMEOUT_SECONDS,
    drainSeconds: variables.DRAIN_SECONDS,
    graceSeconds: variables.DRAIN_GRACE_SECONDS,
    smtpDirectory: variables.SMTP_DIR,
  };
}

export function clusterSettings(variables: z.infer<typeof cluster>): ClusterSettings {
  return {
    apiUrl: variables.KUBE_API_URL,
    tokenFile: variables.KUBE_TOKEN_FILE,
    caFile: variables.KUBE_CA_FILE,
    context: variables.KUBE_CONTEXT,
    serviceHost: variables.KUBERNETES_SERVICE_HOST,
    servicePort: variables.KUBERNETES_SERVICE_PORT,
  };
}

/** An empty variable is an absent one, as in most deployment tools. */
export function givenVariables(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Before anything else is checked: a wrong LOG_LEVEL is told by a log, too. */
export function logLevel({ LOG_LEVEL }: Readonly<Record<string, string | undefined>>): Level {
  return serverVariables.LOG_LEVEL.catch('info').parse(LOG_LEVEL);
}
