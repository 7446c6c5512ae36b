// The embedded cluster inside the test process, pods as real processes, reached over HTTPS like any other.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCluster } from '../../dev/cluster/cluster';
import { serveCluster } from '../../dev/cluster/serve';
import { readKubeconfig } from './kubeconfigFile';
import { openNamespace } from './namespace';
import type { TestCluster } from './testCluster';

/** A crash loop is a matter of tenths of a second here. */
const BACK_OFF_BASE_MS = 200;
/** And a Job's next try one of a second, not of ten. */
const JOB_BACK_OFF_BASE_MS = 1_000;

const clock = (): Date => new Date();

export async function openEmbeddedCluster(): Promise<TestCluster> {
  const root = mkdtempSync(join(tmpdir(), 'hub-functions-embedded-'));
  const { PATH = '', HOME = root } = process.env;
  const environment = { PATH, HOME, LANG: 'C.UTF-8', TMPDIR: root };
  const kubelet = { stateDir: join(root, 'kubelet'), environment, clock, backOffBaseMs: BACK_OFF_BASE_MS };
  const cluster = createCluster({ clock, kubelet, jobBackOffBaseMs: JOB_BACK_OFF_BASE_MS });
  const served = await serveCluster({ transport: cluster.transport, stateDir: join(root, 'api') });
  const server = readKubeconfig(served.kubeconfig);
  const { kube, namespace, close } = await openNamespace(server);
  return {
    kube,
    namespace,
    embedded: cluster,
    environment: {
      KUBE_API_URL: served.url,
      KUBE_TOKEN_FILE: written(join(root, 'token'), served.token),
      KUBE_CA_FILE: written(join(root, 'ca.crt'), server.ca),
    },
    close: async () => {
      cluster.faults.clear();
      await close();
      await served.close();
      await cluster.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function written(file: string, content: string | Buffer): string {
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
