// The image of users' servers on the cluster: the Python environment that the hub runs in, made once for each start of the cluster.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const IMAGE = 'dev.local/jupyterlab:1';
/** Half a GiB is copied three times: a minute on a machine that does nothing else. */
const BUILD_TIMEOUT_MS = 600_000;

/** `venv` is its folder. */
export async function provideImage(venv: string): Promise<void> {
  const run = promisify(execFile);
  const nodes = await run('kubectl', ['get', 'nodes', '--output', 'jsonpath={.items[*].status.images[*].names}']);
  if (nodes.stdout.includes(IMAGE)) return;
  const script = join(dirname(process.env['CLUSTER_SCRIPT'] ?? '../shared/cluster/cluster'), 'python-image');
  await run(script, [IMAGE, venv], { timeout: BUILD_TIMEOUT_MS });
}
