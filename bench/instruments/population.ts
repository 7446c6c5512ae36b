// Services that only the API server knows: anchors and ready pods, written as objects, so that thousands need no machine.
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { anchorManifest, toAnchor } from '../../lib/services/anchor';
import { ownedLabels } from '../../lib/services/names';
import type { Bed } from './bed';
import type { Client } from './client';

const CLIENTS = 4;

/** Answers the names of the services, all of credential `hub`. */
export async function populate(bed: Bed, prefix: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`);
  const left = [...names];
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = bed.raw();
      for (let name = left.pop(); name !== undefined; name = left.pop()) await addService(client, bed, name);
    }),
  );
  return names;
}

async function addService(client: Client, { api: { namespace } }: Bed, servername: string): Promise<void> {
  const start = {
    credential: 'hub',
    servername,
    startId: 'abcdef12',
    service: 'running',
    userId: 17,
    userOptions: {
      service: 'running',
      profile: 'bench',
      resources: { memory: '8Gi', cpu: 2 },
      project: 'some-project',
    },
    startDate: '2026-11-20T15:56:38.842948Z',
    digest: 'd'.repeat(64),
  };
  const path = `/api/v1/namespaces/${namespace}`;
  const created = await client.expect('POST', `${path}/configmaps`, { body: anchorManifest(start, namespace) });
  const labels = { ...ownedLabels(toAnchor(created as KubeObject)), [LABELS.role]: 'main' };
  const name = `pod-${servername}`;
  // Nobody's scheduler: what its status says stays.
  const spec = { schedulerName: 'nobody', containers: [{ name: 'main', image: 'example/notebook:1' }] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec };
  await client.expect('POST', `${path}/pods`, { body: pod });
  await client.expect('PATCH', `${path}/pods/${name}/status`, {
    body: { status: READY },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
}

const SINCE = '2026-11-20T15:57:00Z';
const READY = {
  phase: 'Running',
  startTime: SINCE,
  conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: SINCE,
  })),
  containerStatuses: [
    {
      name: 'main',
      image: 'example/notebook:1',
      imageID: `example/notebook@sha256:${'0'.repeat(64)}`,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: SINCE } },
      lastState: {},
    },
  ],
};
