// Pods that wait until their claims are filled: they are told how that goes, and let go when it is done.
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { shortHash } from '../../../lib/naming';
import { awaitedBy, EVERY_WAITING_POD, gatesWithoutOurs, isUnfilled, TOLD, type Told } from '../../../lib/restoring';
import type { Context } from '../context';
import { findClaim, refOf, unlessChanged } from '../find';
import { identityOf } from '../identity';

const PAGE = 500;

export async function readWaiting({ kube, settings }: Context, call: Call): Promise<readonly KubeObject[]> {
  const { namespace } = settings;
  const selection = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: EVERY_WAITING_POD, limit: PAGE };
  const waiting: KubeObject[] = [];
  for await (const page of kube.pages<KubeObject>(selection, call)) {
    waiting.push(...page.filter((pod) => awaitedBy(pod).length > 0));
  }
  return waiting;
}

/** Only when all that a pod waits for is there and whole: a claim that is missing could not be filled. */
export async function letGo(context: Context, pod: KubeObject, call: Call): Promise<void> {
  const claims = await Promise.all(awaitedBy(pod).map(async (name) => findClaim(context, name, call)));
  const isReady = claims.every(
    (claim) => claim !== undefined && claim.metadata?.deletionTimestamp === undefined && !isUnfilled(claim),
  );
  if (!isReady) return;
  const { name, uid, resourceVersion } = identityOf(pod);
  const patch = { metadata: { uid, resourceVersion }, spec: { schedulingGates: gatesWithoutOurs(pod) } };
  const written = await unlessChanged(context.kube.mergePatch(refOf(context, 'Pod', name), patch, call));
  if (written !== undefined) context.log.info('a pod was let go', { pod: name, claims: awaitedBy(pod) });
}

export interface Telling {
  readonly claim: string;
  readonly reason: Told;
  readonly message: string;
}

/** As an Event of each pod: people see it with the pod, and hubs on their progress page. Nothing else hangs on it. */
export async function tellPods(
  context: Context,
  { pods, ...telling }: Telling & { readonly pods: readonly KubeObject[] },
  call: Call,
): Promise<void> {
  for (const pod of pods.filter((each) => awaitedBy(each).includes(telling.claim))) {
    try {
      await context.kube.create(eventOf(context, pod, telling), call);
    } catch (error) {
      // The same was told before.
      if (hasCode(error, 'already_exists')) continue;
      context.log.warn('a pod could not be told of its restore', { pod: pod.metadata?.name, error });
    }
  }
}

/** The same for those who wait now. */
export async function tellWaiting(context: Context, telling: Telling, call: Call): Promise<void> {
  await tellPods(context, { ...telling, pods: await readWaiting(context, call) }, call);
}

function eventOf({ settings, clock }: Context, pod: KubeObject, { reason, message }: Telling): KubeObject {
  const { name, uid } = identityOf(pod);
  const { namespace } = settings;
  const now = clock()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name.slice(0, 200)}.${shortHash(uid, reason, message)}`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
    type: reason === TOLD.failed ? 'Warning' : 'Normal',
    reason,
    message: message.slice(0, 1_000),
    source: { component: 'hub-functions-archive' },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
}
