// Starts a service: read and fill the description, claim the anchor, create its objects, the main Deployment last.
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { readDescription } from '../../lib/manifests/description';
import { withPodTemplate } from '../../lib/manifests/podTemplate';
import { requestDigest, serviceId, type Anchor, type Start } from '../../lib/services/anchor';
import { claimAnchor, ownerOf, removeAnchor, type Claim } from '../../lib/services/anchors';
import { secretNames } from '../../lib/services/secretNames';
import type { Context } from './context';
import { isRefusal, operationError } from './failure';
import { ensureHome } from './homes/ensureHome';
import { withHomeInitContainer } from './homes/withHomeInitContainer';
import { createAll } from './objects/children';
import { descriptionSource } from './objects/descriptionSource';
import { desiredObjects, wantsInput, type Desired } from './objects/desired';
import { customHeaders, environmentData, secretManifests } from './objects/secrets';
import type { StartRequest } from './schema';

export interface StartCall {
  readonly credential: string;
  readonly request: StartRequest;
  readonly headers: Readonly<Record<string, string>>;
}

/** A start goes on when its caller hangs up: the caller may not know, but the anchor does. Shorter than a gateway's patience. */
const BUDGET_MS = 50_000;

export async function startService(context: Context, asked: StartCall): Promise<Anchor> {
  try {
    const start = toStart(asked, context.clock());
    const desired = await prepare(context, start, asked);
    const call = { signal: AbortSignal.timeout(BUDGET_MS) };
    const claim = await claimAnchor(context, start, call);
    // What has ended is not started again by a repeat of its start.
    if (claim.anchor.ending === undefined) await realize(context, { claim, desired }, call);
    return claim.anchor;
  } catch (error) {
    throw operationError(context.settings.file.error_messages['services.utils.common.start_service_2'], error);
  }
}

/** Everything that can be wrong with the request or the description is found here, before anything exists. */
async function prepare(context: Context, start: Start, { request, headers }: StartCall): Promise<Desired> {
  const { settings } = context;
  const { file } = settings;
  const description = await readDescription(...descriptionSource(settings, start));
  const template = description.service;
  const input = wantsInput(template, settings) ? await description.input() : '';
  const { parts, main } = desiredObjects({ template, subject: start, input }, settings);
  await ensureHome(file.userhomes, start);
  const data = environmentData(request, customHeaders(headers, file.custom_headers_keys), file.services);
  const secrets = secretManifests(request, secretNames(serviceId(start), settings.deploymentName), data);
  return { parts: [...secrets, ...parts], main: asMain(withHomeInitContainer(main, file.userhomes, start)) };
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
}

async function realize(context: Context, { claim, desired }: Realization, call: Call): Promise<void> {
  const maker = { kube: context.kube, owner: ownerOf(claim.anchor, context.settings.namespace), call };
  try {
    await createAll(maker, desired.parts);
    await createAll(maker, [desired.main]);
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
    context.log.error('a refused start could not be taken back; the sweep will do it', { anchor: anchor.name, error });
  }
}

function toStart({ credential, request }: StartCall, now: Date): Start {
  const { servername, startId, service, userId, userOptions, env, certs } = request;
  const digest = requestDigest({ env, user_options: userOptions, certs, start_id: startId });
  return { credential, servername, startId, service, userId, userOptions, startDate: microseconds(now), digest };
}

/** The contract's format; the last three digits keep starts of one millisecond apart. */
function microseconds(now: Date): string {
  const fraction = Math.trunc((performance.now() * 1000) % 1000)
    .toString()
    .padStart(3, '0');
  return now.toISOString().replace('Z', `${fraction}Z`);
}
