// What tunnels run: the image that this function runs itself, as its own pod says it, unless the environment names another one.
import type { Kube } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { AppError } from '../../lib/errors';
import type { Context } from './context';
import type { TunnelImage } from './desired';

export interface ImageSettings {
  readonly kube: Kube;
  readonly namespace: string;
  /** Named by the environment. */
  readonly image: string | undefined;
  readonly program: string;
  /** Kubernetes calls a pod's machine like the pod. */
  readonly hostname: string | undefined;
}

interface OwnSpec {
  readonly containers?: readonly {
    readonly name?: string;
    readonly image?: string;
    readonly imagePullPolicy?: string;
  }[];
  readonly imagePullSecrets?: readonly unknown[];
}

/** Knative gives a pod a second container; this one is ours. */
const CONTAINER = 'function';

/** Read once. */
export function createTunnelImage(settings: ImageSettings): Context['tunnelImage'] {
  const { image, program } = settings;
  if (image !== undefined) return async () => ({ image, program, pullPolicy: 'IfNotPresent', pullSecrets: undefined });
  let known: TunnelImage | undefined;
  return async (signal) => (known ??= await readOwn(settings, signal));
}

async function readOwn(
  { kube, namespace, hostname, program }: ImageSettings,
  signal: AbortSignal,
): Promise<TunnelImage> {
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name: hostname ?? '' };
  const pod = hostname === undefined ? undefined : await kube.get<KubeObject>(ref, { signal });
  const { containers = [], imagePullSecrets } = (pod?.['spec'] ?? {}) as OwnSpec;
  const own = containers.find(({ name }) => name === CONTAINER);
  if (own?.image !== undefined) {
    return { image: own.image, program, pullPolicy: own.imagePullPolicy, pullSecrets: imagePullSecrets };
  }
  const detail = 'The image of tunnels is not known: set TUNNEL_IMAGE.';
  throw new AppError('no_tunnel_image', 500, detail);
}
