// The embedded cluster as a platform uses it: served for kubectl and the functions, its pods run as local processes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors';
import { loadIdentity } from '../cluster/api/server/identity';
import { createCluster, type Cluster } from '../cluster/cluster';
import { createClient, SERVICES } from '../cluster/controllers/client';
import { serviceAddress } from '../cluster/kubelet/serviceRelay';
import { serveCluster } from '../cluster/serve';
import type { GatewayOptions } from '../gateway/gateway';
import type { PlatformCluster } from './cluster';

const clock = (): Date => new Date();

export async function startEmbedded(
  stateDir: string,
  environment: Readonly<Record<string, string>>,
): Promise<PlatformCluster> {
  const { authority, token } = await loadIdentity(stateDir);
  const cluster = createCluster({ clock, kubelet: { stateDir, environment, clock } });
  const served = await serveCluster({ transport: cluster.transport, stateDir });
  return {
    transport: cluster.transport,
    namespace: 'default',
    isOwn: true,
    kubectl: `KUBECONFIG=${served.kubeconfig} kubectl`,
    environment: {
      KUBE_API_URL: served.url,
      KUBE_TOKEN_FILE: writeSecret(join(stateDir, 'token'), token),
      KUBE_CA_FILE: writeSecret(join(stateDir, 'ca.crt'), authority),
    },
    findService: serviceFinder(cluster),
    async stop() {
      await served.close();
      await cluster.stop();
    },
  };
}

/** As a pod has them: in files. */
function writeSecret(file: string, content: string): string {
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

function serviceFinder({ store }: Cluster): GatewayOptions['findService'] {
  const client = createClient(store);
  return ({ namespace, name, port }) => {
    const service = client.get(SERVICES, namespace, name);
    if (!service) throw new AppError('not_found', 404, `There is no Service ${name} in the namespace ${namespace}.`);
    const wanted = port ?? service.spec.ports?.[0]?.port ?? 0;
    const address = serviceAddress(store, namespace, name, wanted);
    if (!address) throw new AppError('not_found', 404, `The Service ${name} has no port ${wanted}.`);
    return address;
  };
}
