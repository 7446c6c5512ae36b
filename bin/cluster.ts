// The options of every command that talks to a cluster, and the way there.
import { createKube, type Call, type Kube } from '../lib/kube/kube';
import { createLook, type Look } from '../lib/kube/look';
import { usageError, type ClusterChoice, type Terminal } from './command';

export const clusterOptions = {
  namespace: { type: 'string', short: 'n' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  output: { type: 'string', short: 'o', default: 'text' },
} as const;

export const clusterUsage = `  -n, --namespace NAME     namespace of the functions (default: the context's, else default)
      --kubeconfig FILE    kubeconfig file (default: as kubectl finds it)
      --context NAME       context of the kubeconfig (default: the current one)
  -o, --output text|json   (default: text)`;

export interface ClusterArguments extends ClusterChoice {
  readonly namespace?: string | undefined;
}

export interface Cluster {
  readonly kube: Kube;
  /** For who only looks. */
  readonly look: Look;
  readonly namespace: string;
  /** One for the whole command: it ends after a time in which every healthy cluster answers. */
  readonly call: Call;
}

const deadlineMs = 20_000;

export async function openCluster({ namespace, ...choice }: ClusterArguments, { connect }: Terminal): Promise<Cluster> {
  const connection = await connect(choice);
  return {
    kube: createKube(connection.transport),
    look: createLook(connection.transport),
    namespace: namespace ?? connection.namespace ?? 'default',
    call: { signal: AbortSignal.timeout(deadlineMs) },
  };
}

export function isJson(output: string): boolean {
  if (output === 'text' || output === 'json') return output === 'json';
  throw usageError(`--output is text or json, not ${output}`);
}
