// What tunnels run: the image that this function runs itself, as its own pod says it, unless the environment names another one.
import type { Kube } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { AppError } from '../../lib/errors';
import type { Context } from './context';
import type { TunnelImage } from './desired';

interface Variables {
  readonly TUNNEL_IMAGE?: string | undefined;
  readonly TUNNEL_PROGRAM: string;
  /** Kubernetes calls a pod's machine like the pod. */
  readonly HOSTNAME?: string | undefined;
}

interface OwnSpec {
  readonly containers?: readonly Container[];
  readonly imagePullSecrets?: readonly unknown[];
}

interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly imagePullPolicy?: string;
}

/** Knative gives a pod a second container; this one is ours. */
const CONTAINER = 'function';

/** `namespace`: of this function's own pod, which is read once. */
export function createTunnelImage(kube: Kube, namespace: string, variables: Variables): Context['tunnelImage'] {
  const { TUNNEL_IMAGE: image, TUNNEL_PROGRAM: program, HOSTNAME: name } = variables;
  if (image !== undefined) return async () => ({ image, program, pullPolicy: 'IfNotPresent', pullSecrets: undefined });
  let known: TunnelImage | undefined;
  return async (signal) => {
    if (known !== undefined || name === undefined) return known ?? unknownImage();
    const pod = await kube.get<KubeObject>({ apiVersion: 'v1', kind: 'Pod', namespace, name }, { signal });
    known = imageOf(pod?.['spec'] ?? {}, program);
    return known;
  };
}

function imageOf({ containers = [], imagePullSecrets: pullSecrets }: OwnSpec, program: string): TunnelImage {
  const own = containers.find(({ name }) => name === CONTAINER);
  if (own?.image === undefined) return unknownImage();
  return { image: own.image, program, pullPolicy: own.imagePullPolicy, pullSecrets };
}

function unknownImage(): never {
  const detail = 'The image of tunnels is not known: set TUNNEL_IMAGE.';
  throw new AppError('no_tunnel_image', 500, detail);
}
