// POST /archives: the anchor of a new archive, and the mover that fills it as soon as it is the repository's turn.
import { AppError } from '../../lib/errors';
import { globMatcher } from '../../lib/glob';
import { jobId } from '../../lib/jobs/names';
import { hasCode } from '../../lib/kube/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { requestDigest } from '../../lib/requestDigest';
import { isUnfilled } from '../../lib/restoring';
import { archiveManifest, toArchive, type Archive } from './archive';
import { busy } from './ask';
import { shapeOf, userOf, type Claim } from './claims';
import type { Context } from './context';
import { findArchive, findClaim } from './find';
import { advance } from './operation/advance';
import { newOperation } from './operation/operation';
import { invalidInput, type BackupRequest } from './schema';

export interface Asked {
  /** Who asks; together with the key it makes the id. */
  readonly credential: string;
  readonly request: BackupRequest;
  readonly idempotencyKey: string | undefined;
}

/** As it is after the first step: its mover runs, or waits for its turn. */
export async function backUp(context: Context, asked: Asked, call: Call): Promise<Archive> {
  const { request, credential, idempotencyKey } = asked;
  const { namespace } = context.settings;
  if (request.namespace !== undefined && request.namespace !== namespace) {
    throw invalidInput(`namespace: only claims of ${namespace} are archived here.`);
  }
  const id = jobId(credential, idempotencyKey);
  const digest = requestDigest(request);
  const known = idempotencyKey === undefined ? undefined : await findArchive(context, id, call);
  if (known !== undefined) return sameOrConflict(known, digest);
  const claim = await usableClaim(context, request.claim, call);
  const archive = await createOrFind(context, { id, digest, request, ...claim }, call);
  await advance(context, archive, call);
  return (await findArchive(context, id, call)) ?? archive;
}

interface Usable {
  readonly claim: Claim;
  readonly user: string;
}

async function usableClaim(context: Context, name: string, call: Call): Promise<Usable> {
  const { archive: config } = context.settings;
  const claim = globMatcher(config.claims)(name) ? await findClaim(context, name, call) : undefined;
  if (claim === undefined || claim.metadata?.deletionTimestamp !== undefined) {
    throw new AppError('claim_missing', 404, `There is no claim ${name} that may be archived.`);
  }
  if (isUnfilled(claim)) throw busy(`Claim ${name} is being filled from an archive. Try again when it is.`);
  const user = userOf(claim, config);
  if (user !== undefined) return { claim, user };
  const [annotation = ''] = config.user_annotations;
  throw new AppError(
    'claim_without_user',
    422,
    `Whose claim ${name} is cannot be told: annotate it with ${annotation}.`,
  );
}

interface Wanted extends Usable {
  readonly id: string;
  readonly digest: string;
  readonly request: BackupRequest;
}

async function createOrFind(context: Context, wanted: Wanted, call: Call): Promise<Archive> {
  try {
    return readable(await context.kube.create(manifestOf(context, wanted), call));
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
    const found = await findArchive(context, wanted.id, call);
    if (found !== undefined) return sameOrConflict(found, wanted.digest);
    const detail = 'An archive of this id is being removed. Try again.';
    throw new AppError('conflict', 503, detail, { body: { detail }, retryAfterSeconds: 1 });
  }
}

function manifestOf({ settings, clock }: Context, { id, digest, request, claim, user }: Wanted): KubeObject {
  const now = clock();
  const { hold, tags, minFiles } = request;
  const record = {
    id,
    claim: request.claim,
    claimUid: claim.metadata?.uid ?? '',
    user,
    askedAt: now.toISOString(),
    hold,
    tags,
    shape: { ...shapeOf(claim), accessModes: [...shapeOf(claim).accessModes] },
    digest,
  };
  return archiveManifest(settings.namespace, record, newOperation('backup', now, { minFiles }));
}

function sameOrConflict(archive: Archive, digest: string): Archive {
  if (archive.record.digest === digest) return archive;
  throw new AppError('conflict', 409, 'This Idempotency-Key stands for another archive.');
}

function readable(object: KubeObject): Archive {
  const archive = toArchive(object);
  if (archive !== undefined) return archive;
  throw new AppError('unreadable_archive', 500, 'The anchor of an archive cannot be read.');
}
