// A real cluster that the user named: reached through the kubeconfig, never chosen by default.
import { AppError } from '../../lib/errors';
import { connect } from '../../lib/kube/connect';
import type { PlatformCluster } from './cluster';

export async function useContext(context: string): Promise<PlatformCluster> {
  const { transport, namespace = 'default' } = await connect({ context });
  const kubectl = `kubectl --context ${context} --namespace ${namespace}`;
  return {
    transport,
    namespace,
    isOwn: false,
    kubectl,
    environment: { KUBE_CONTEXT: context },
    findService({ name }) {
      const detail = `This page is inside the cluster: ${kubectl} port-forward service/${name} 8888:8080`;
      throw new AppError('not_here', 502, detail);
    },
    stop: () => Promise.resolve(),
  };
}
