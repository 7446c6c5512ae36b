// The stages function as its image runs it, told of pods and jobs as source, broker and trigger of a platform would.
import { startEvents, TRIGGERS } from '../../dev/events/events';
import { connect } from '../../lib/kube/connect';
import { READINESS, type Bed } from './bed';
import { inImage } from './image';
import { inCluster } from './inCluster';

export interface StagesFunction {
  readonly close: () => Promise<void>;
}

export async function launchStages(bed: Bed): Promise<StagesFunction> {
  const pod = await inCluster(bed.api);
  const environment = { ...bed.environment, ...pod.environment };
  const { url, stop } = await bed.launch({ path: READINESS, args: inImage('stages'), environment });
  const { KUBE_API_URL: apiUrl, KUBE_TOKEN_FILE: tokenFile, KUBE_CA_FILE: caFile } = pod.environment;
  const { transport } = await connect({ apiUrl, tokenFile, caFile });
  const ending = new AbortController();
  const port = Number(new URL(url).port);
  startEvents({
    transport,
    namespace: bed.api.namespace,
    watched: TRIGGERS['stages'] ?? [],
    source: apiUrl ?? '',
    use: async (work) => work(port),
    report: (message) => console.error(message),
    signal: ending.signal,
  });
  return {
    close: async () => {
      ending.abort();
      await stop();
      pod.close();
    },
  };
}
