// An end that a list of some time ago suggests is looked at again before anybody hears of it.
import * as z from 'zod';
import { createLog } from '../../../lib/log';
import type { Kube } from '../../../lib/kube/kube';
import { anchorManifest, toAnchor } from '../../../lib/services/anchor';
import { judgementKeys } from '../../../lib/services/configuration';
import type { ServiceContext } from '../../../lib/services/context';
import { followService } from '../../../lib/services/followService';
import type { Subject } from '../../../lib/services/judgeService';

const NAMESPACE = 'hub';
const START = {
  credential: 'hub',
  servername: 'lab1',
  startId: '1',
  service: 'lab',
  userId: 17,
  userOptions: {},
  startDate: '2026-11-20T15:56:38.842948Z',
  digest: 'd',
};
const { metadata, ...manifest } = anchorManifest(START, NAMESPACE);
const anchor = toAnchor({
  ...manifest,
  metadata: { ...metadata, uid: 'u1', resourceVersion: '1', creationTimestamp: '2026-11-20T15:56:38Z' },
});
/** Long after its start, without pods: deleted. */
const listed: Subject = { anchor, pods: [] };
const ready: Subject = {
  anchor,
  pods: [
    {
      metadata: { name: 'p', uid: 'p1', creationTimestamp: '2026-11-20T15:56:40Z' },
      spec: { nodeName: 'n', containers: [{ name: 'main' }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-20T15:56:50Z' }],
        containerStatuses: [
          { name: 'main', ready: true, state: { running: { startedAt: '2026-11-20T15:56:45Z' } }, restartCount: 0 },
        ],
      },
    },
  ],
};
const call = { signal: new AbortController().signal };

/** An API server that has nothing, and writes down what it is asked to change. */
function emptyCluster(): { readonly context: ServiceContext; readonly patches: object[] } {
  const patches: object[] = [];
  const kube = {
    get: async () => undefined,
    list: async () => ({ items: [], continueToken: undefined, resourceVersion: '1' }),
    mergePatch: async (_ref: unknown, patch: object) => {
      patches.push(patch);
      return undefined;
    },
  } as unknown as Kube;
  const file = { services: z.object(judgementKeys).parse({}) };
  const context = {
    kube,
    settings: { namespace: NAMESPACE, file },
    clock: () => new Date('2026-11-20T18:00:00Z'),
    log: createLog({ name: 'test', level: 'error' }),
  };
  return { context, patches };
}

test('without a newer look the end is written down', async () => {
  const { context, patches } = emptyCluster();
  await followService(context, listed, call);
  expect(JSON.stringify(patches)).toContain('Deleted');
});

test('a service that is ready by now is not told to have ended', async () => {
  const { context, patches } = emptyCluster();
  await followService(context, { ...listed, refresh: async () => ready }, call);
  expect(patches).toHaveLength(1);
  expect(JSON.stringify(patches)).not.toContain('Deleted');
});

test('of one that is gone by now nothing is written', async () => {
  const { context, patches } = emptyCluster();
  await expect(followService(context, { ...listed, refresh: async () => undefined }, call)).resolves.toBeUndefined();
  expect(patches).toEqual([]);
});
