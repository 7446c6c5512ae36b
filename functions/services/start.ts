// Starts a service: read and fill the description, claim the anchor, create its objects, the main Deployment last.
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { readDescription } from '../../lib/manifests/description';
import { withPodTemplate } from '../../lib/manifests/podTemplate';
import { requestDigest } from '../../lib/requestDigest';
import { heldBack } from '../../lib/restoring';
import type { Anchor, Start } from '../../lib/services/anchor';
import { serviceId } from '../../lib/services/names';
import { claimAnchor, ownerOf, removeAnchor, removeEarlierStarts, type Claim } from '../../lib/services/anchors';
import { secretNames } from '../../lib/services/secretNames';
import type { Context } from './context';
import { isRefusal, operationError } from './failure';
import { ensureHome } from './homes/ensureHome';
import { withHomeInitContainer } from './homes/withHomeInitContainer';
import { ensureClaims, tellAwaited } from './objects/claims';
import { createAll } from './objects/children';
import { descriptionSource } from './objects/descriptionSource';
import { desiredObjects, wantsInput, type Desired } from './objects/desired';
import { customHeaders, environmentData, secretManifests } from './objects/secrets';
import { endOfRun, type Runtime } from './runtime';
import type { StartRequest } from './schema';
import type { Limit } from './seats/seat';
import { takeSeats } from './seats/takeSeats';

export interface StartCall {
  readonly credential: string;
  readonly request: StartRequest;
  readonly headers: Readonly<Record<string, string>>;
  /** What the hub calls the server through all its starts, where that is not the name. */
  readonly server?: string;
  /** A seat of each is taken, or the start is refused. */
  readonly limits?: readonly Limit[];
  /** Of the wish; the installation may allow less. */
  readonly runtime?: Runtime | undefined;
  /** Aborts when the caller has left. */
  readonly signal: AbortSignal;
}

export interface Started {
  readonly anchor: Anchor;
  /** What the description makes beside the main Deployment. */
  readonly parts: readonly KubeObject[];
}

/** Once its anchor is there a start goes on when its caller hangs up: a poll or a stop finds it. Shorter than a gateway's patience. */
const BUDGET_MS = 50_000;

export async function startService(context: Context, asked: StartCall): Promise<Started> {
  try {
    const start = toStart(context, asked);
    const desired = await prepare(context, start, asked);
    const { limits = [], signal } = asked;
    signal.throwIfAborted();
    return await context.cache.during(start, async () => {
      const anchor = await claimAndRealize(context, { start, desired, limits }, signal);
      return { result: { anchor, parts: desired.parts }, traces: [`put ${anchor.uid}`] };
    });
  } catch (error) {
    throw operationError(context.settings.file.error_messages['services.utils.common.start_service_2'], error);
  }
}

interface Wish {
  readonly start: Start;
  readonly desired: Desired;
  readonly limits: readonly Limit[];
}

async function claimAndRealize(
  context: Context,
  { start, desired, limits }: Wish,
  caller: AbortSignal,
): Promise<Anchor> {
  const call = { signal: AbortSignal.timeout(BUDGET_MS) };
  const claim = await claimAnchor(context, start, call);
  // Whoever left meanwhile never polls, and a stop found nothing. Not cut short: then nobody would know what was made.
  if (caller.aborted && claim.isNew) await takeBack(context, claim.anchor);
  caller.throwIfAborted();
  // What has ended is not started again by a repeat of its start.
  if (claim.anchor.ending === undefined) await realize(context, { claim, desired, limits }, call);
  return claim.anchor;
}

/** Everything that can be wrong with the request or the description is found here, before anything exists. */
async function prepare(context: Context, start: Start, { request, headers }: StartCall): Promise<Desired> {
  const { settings } = context;
  const { file } = settings;
  const description = await readDescription(...descriptionSource(settings, start));
  const template = description.service;
  const input = wantsInput(template, settings) ? await description.input() : '';
  const { parts, claims, main } = desiredObjects({ template, subject: start, input }, settings);
  await ensureHome(file.userhomes, start);
  const data = environmentData(request, customHeaders(headers, file.custom_headers_keys), file.services);
  const secrets = secretManifests(request, secretNames(serviceId(start), settings.deploymentName), data);
  return { parts: [...secrets, ...parts], claims, main: asMain(withHomeInitContainer(main, file.userhomes, start)) };
}

/** Marks the object that tells a sweep that the start is complete, and its pods, which tell how the service is. */
function asMain(manifest: KubeObject): KubeObject {
  return withMainRole(withPodTemplate(manifest, withMainRole));
}

function withMainRole<T extends Pick<KubeObject, 'metadata'>>(object: T): T {
  const labels = { ...object.metadata?.labels, [LABELS.role]: 'main' };
  return { ...object, metadata: { ...object.metadata, labels } };
}

interface Realization {
  readonly claim: Claim;
  readonly desired: Desired;
  readonly limits: readonly Limit[];
}

async function realize(context: Context, { claim, desired, limits }: Realization, call: Call): Promise<void> {
  const maker = { kube: context.kube, owner: ownerOf(claim.anchor, context.settings.namespace), call };
  try {
    // A repeat does it again: the attempt before may have been killed in between.
    await removeEarlierStarts(context, claim.anchor, call);
    await takeSeats(context, { anchor: claim.anchor, limits }, call);
    const unfilled = await ensureClaims(context, desired.claims, call);
    await createAll(
      maker,
      desired.parts.map((part) => heldBack(part, unfilled)),
    );
    await createAll(maker, [heldBack(desired.main, unfilled)]);
    await tellAwaited(context, { claims: unfilled, by: claim.anchor.name }, call);
  } catch (error) {
    // What may succeed when repeated stays: a repeat, a stop or the sweep finishes it.
    if (claim.isNew && isRefusal(error)) await takeBack(context, claim.anchor);
    throw error;
  }
}

/** Only what this request made; deleting the anchor deletes everything it owns. */
async function takeBack(context: Context, anchor: Anchor): Promise<void> {
  try {
    await removeAnchor(context, anchor, { signal: AbortSignal.timeout(BUDGET_MS) });
  } catch (error) {
    context.log.error('a start could not be taken back; the sweep will do it', { anchor: anchor.name, error });
  }
}

function toStart({ settings, clock }: Context, { credential, request, server, runtime }: StartCall): Start {
  const { servername, startId, service, userId, userName, userOptions, env, certs } = request;
  const now = clock();
  const digest = requestDigest({ env, user_options: userOptions, certs, start_id: startId });
  const runUntil = endOfRun(now, [runtime, settings.file.services.max_runtime]);
  return {
    credential,
    servername,
    startId,
    service,
    userId,
    ...(userName !== undefined && { userName }),
    userOptions,
    startDate: microseconds(now),
    digest,
    ...(server !== undefined && { server }),
    ...(runUntil !== undefined && { runUntil }),
  };
}

/** The contract's format; the last three digits keep starts of one millisecond apart. */
function microseconds(now: Date): string {
  const fraction = Math.trunc((performance.now() * 1000) % 1000)
    .toString()
    .padStart(3, '0');
  return now.toISOString().replace('Z', `${fraction}Z`);
}
