// Claims that descriptions want to be filled, and the pods that wait for them: everything that can be done for them now.
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';
import { asksToBeFilled, isUnfilled, TOLD, UNFILLED } from '../../../lib/restoring';
import { tryEach } from '../../../lib/tryEach';
import type { Archive } from '../archive';
import { ask, plainOperation } from '../ask';
import { shapeOf, userOf, type Claim } from '../claims';
import type { Context } from '../context';
import { findClaim, readArchives, refOf, unlessChanged } from '../find';
import { identityOf } from '../identity';
import { ofClaim } from '../names';
import { newOperation, type Operation } from '../operation/operation';
import { nextFill, type FillStep } from './plan';
import { letGo, readWaiting, tellPods } from './pods';

const PAGE = 500;
const AT_ONCE = 4;

interface Wished {
  readonly claim: Claim;
  /** Whoever waits for anything. */
  readonly pods: readonly KubeObject[];
}

export async function fillClaims(context: Context, call: Call): Promise<void> {
  const [claims, pods] = [await readWishes(context, call), await readWaiting(context, call)];
  const unfilled = await tryEach(claims, AT_ONCE, async (claim) => fillOne(context, { claim, pods }, call));
  const held = await tryEach(pods, AT_ONCE, async (pod) => letGo(context, pod, call));
  const failures = [...unfilled, ...held];
  for (const { item, error } of failures) {
    context.log.error('a claim could not be filled yet', { about: item.metadata?.name, error });
  }
  if (failures.length === 0) return;
  const detail = `${failures.length} claims or pods could not be looked after.`;
  throw new AppError('restores_incomplete', 503, detail, { retryAfterSeconds: 10 });
}

export function isWish(claim: Claim): boolean {
  return asksToBeFilled(claim) && claim.metadata?.deletionTimestamp === undefined;
}

async function readWishes({ kube, settings }: Context, call: Call): Promise<readonly Claim[]> {
  const { namespace } = settings;
  const selection = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    namespace,
    labelSelector: UNFILLED,
    limit: PAGE,
  };
  const wishes: Claim[] = [];
  for await (const page of kube.pages<Claim>(selection, call)) wishes.push(...page.filter(isWish));
  return wishes;
}

async function fillOne(context: Context, wished: Wished, call: Call): Promise<void> {
  const { claim, pods } = wished;
  const { name = '' } = claim.metadata ?? {};
  const user = userOf(claim, context.settings.archive);
  const archives = await readArchives(context, ofClaim(name), call);
  const step = nextFill({ claim, user, archives });
  if (step.do === 'open') return open(context, claim, call);
  const now = step.do === 'wait' ? claim : await stillUnfilled(context, claim, call);
  if (now === undefined) return;
  const reason = step.do === 'fail' ? TOLD.failed : TOLD.underway;
  await tellPods(context, { claim: name, reason, message: step.message, pods }, call);
  await act(context, { claim: now, step }, call);
}

/** A restore that has ended since the claim was read is no more to be seen in the archives: but it has let the claim go before. */
async function stillUnfilled(context: Context, { metadata }: Claim, call: Call): Promise<Claim | undefined> {
  const now = await findClaim(context, metadata?.name ?? '', call);
  return now?.metadata?.uid === metadata?.uid && now !== undefined && isWish(now) && isUnfilled(now) ? now : undefined;
}

async function act(
  context: Context,
  { claim, step }: { readonly claim: Claim; readonly step: Exclude<FillStep, { readonly do: 'open' }> },
  call: Call,
): Promise<void> {
  switch (step.do) {
    case 'wait':
      return;
    case 'restore':
      return askFor(context, { archive: step.archive, operation: restoreInto(context, claim) }, call);
    case 'verify':
      return askFor(context, { archive: step.archive, operation: plainOperation(context, 'verify') }, call);
    case 'fail':
      return remove(context, { claim, why: step.message }, call);
    default:
      return step satisfies never;
  }
}

function restoreInto({ clock }: Context, claim: Claim): Operation {
  const { size, storageClass, accessModes } = shapeOf(claim);
  const { name, uid } = identityOf(claim);
  const target = { claim: name, size, storageClass, accessModes: [...accessModes], isScratch: false, wish: uid };
  return newOperation('restore', clock(), { target });
}

/** Whoever was faster has asked for it, or for something that has to end first. */
async function askFor(
  context: Context,
  asked: { readonly archive: Archive; readonly operation: Operation },
  call: Call,
): Promise<void> {
  try {
    await ask(context, asked, call);
  } catch (error) {
    if (!hasCode(error, 'busy')) throw error;
  }
}

/** There is nothing to fill it with: it is its user's as it is. */
async function open(context: Context, claim: Claim, call: Call): Promise<void> {
  const { name, uid, resourceVersion } = identityOf(claim);
  const patch = { metadata: { uid, resourceVersion, labels: { [LABELS.ready]: 'true' } } };
  const ref = refOf(context, 'PersistentVolumeClaim', name);
  const written = await unlessChanged(context.kube.mergePatch(ref, patch, call));
  if (written !== undefined) context.log.info('a claim without an archive is opened empty', { claim: name });
}

/** The next start makes it anew, and asks again. Nobody meets an empty one in the meantime. */
async function remove(
  context: Context,
  { claim, why }: { readonly claim: Claim; readonly why: string },
  call: Call,
): Promise<void> {
  const { name, uid, resourceVersion } = identityOf(claim);
  const ref = refOf(context, 'PersistentVolumeClaim', name);
  // What has changed is looked at once more, by the next sweep.
  if (!(await context.kube.delete(ref, { uid, resourceVersion }, call))) return;
  context.log.error('a claim could not be filled', { claim: name, detail: why });
}
