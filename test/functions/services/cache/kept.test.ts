// What the cache keeps is enough: a diagnosis of it is the diagnosis of the whole.
import { NO_PROGRESS } from '../../../../lib/services/progress';
import { keptAnchor, keptPod } from '../../../../functions/services/cache/kept';
import type { KubeObject } from '../../../../lib/kube/objects';
import { anchorManifest, endedManifest, toAnchor } from '../../../../lib/services/anchor';
import { ownedLabels, soughtHash } from '../../../../lib/services/names';
import { isOwnedBy } from '../../../../lib/manifests/ownership';
import { diagnose } from '../../../../lib/status/diagnosis';
import { policySettings } from '../../../../lib/status/policy';
import { containerCases } from '../../../lib/status/cases/containers';
import { imageCases } from '../../../lib/status/cases/image';
import { lifeCases } from '../../../lib/status/cases/life';
import { lostPodCases } from '../../../lib/status/cases/lostPods';
import { placementCases } from '../../../lib/status/cases/placement';
import { at } from '../../../lib/status/fixtures';

const cases = [...imageCases, ...containerCases, ...placementCases, ...lifeCases, ...lostPodCases];
const start = {
  credential: 'hub',
  servername: 'lab',
  startId: '1',
  service: 'lab',
  userId: 1,
  userOptions: { a: ['b'] },
  startDate: '2026-11-20T15:56:38.842948Z',
  digest: 'd',
};
const stored = (manifest: KubeObject): KubeObject => ({
  ...manifest,
  metadata: { ...manifest.metadata, uid: 'u1', creationTimestamp: '2026-11-20T15:56:38Z' },
});

test.each(cases.map((sample) => [sample.it, sample] as const))('%s', (_, { seen, policy = {}, at: seconds }) => {
  const kept = { ...seen, pods: seen.pods.map((pod) => keptPod(pod as KubeObject).value.pod) };
  const judge = (observed: typeof seen) => diagnose(observed, policySettings.parse(policy), new Date(at(seconds)));
  expect(judge(kept)).toEqual(judge(seen));
});

test('an anchor is kept with its record, and without its text', () => {
  const object = stored(anchorManifest(start, 'hub'));
  const { uid, groups, value } = keptAnchor(object);
  expect([uid, groups]).toEqual(['u1', [soughtHash({ credential: 'hub' }), soughtHash(start)]]);
  expect(value).toMatchObject({ start, uid: 'u1', name: object.metadata?.name, ending: undefined });
  expect(JSON.stringify(value.object)).not.toContain('service.json');
  const owned = { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'u1' }] } };
  expect(isOwnedBy(value.object, owned)).toBe(true);
});

test('an end is kept with the anchor', () => {
  const details = { error: 'e', detailed_error: 'd' };
  const ending = { phase: 'failed', reason: 'Quota', message: 'm', retryable: true, details };
  expect(keptAnchor(stored(endedManifest({ start, ending, progress: NO_PROGRESS }, 'hub'))).value.ending).toEqual(
    ending,
  );
});

test('a pod is kept with the anchor that it belongs to, and found by the same groups', () => {
  const anchor = toAnchor(stored(anchorManifest(start, 'hub')));
  const { groups, value } = keptPod({ metadata: { uid: 'p', name: 'pod', labels: ownedLabels(anchor) } });
  expect(value.anchorUid).toBe('u1');
  expect(groups).toEqual(keptAnchor(anchor.object).groups);
});
