// A download: a mover that serves one archive to this function alone, which passes it on as it comes.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../lib/errors';
import type { Response } from '../../../lib/http/message';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { shortHash } from '../../../lib/naming';
import { restingPhase, subjectPatch, type Archive } from '../archive';
import { ask, busy, present } from '../ask';
import type { Context } from '../context';
import { findArchive, readMover, refOf, unlessChanged, type SeenMover } from '../find';
import { labelsOf, tokenName } from '../names';
import { advance } from '../operation/advance';
import { newOperation, type Operation } from '../operation/operation';
import { operationOf } from '../operation/plan';
import { addressOf, openStream } from './stream';

const LOOK_EVERY_MS = 300;
const TOKEN_BYTES = 32;
/** For what is seen through although nobody may wait for it any more. */
const SEEN_THROUGH_MS = 10_000;

export interface Wanted {
  readonly archive: Archive;
  readonly path: string | undefined;
}

/** A tar archive of the snapshot or of a folder in it; a single file as it is. What breaks off is cut, never ended. */
export async function download(context: Context, { archive, path }: Wanted, call: Call): Promise<Response> {
  const operation = newOperation('serve', context.clock(), path === undefined ? {} : { path });
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  try {
    // Whoever leaves in the middle of it would leave a wish that nobody knows of, or not yet.
    const asked = present(await ask(context, { archive, operation }, ownCall()));
    const address = await untilServed(context, { archive: asked, operation, token }, call);
    return await openStream({ address, token, path, name: archive.record.claim }, call);
  } catch (error) {
    await withdraw(context, archive, operation);
    if (call.signal.aborted) throw busy('The archives of this user are busy. Try again.');
    throw error;
  }
}

function ownCall(): Call {
  return { signal: AbortSignal.timeout(SEEN_THROUGH_MS) };
}

interface Serving {
  readonly archive: Archive;
  readonly operation: Operation;
  readonly token: string;
}

async function untilServed(context: Context, serving: Serving, call: Call) {
  const { archive, operation } = serving;
  let isTokenMade = false;
  for (;;) {
    const mover = await readMover(context, shortHash(archive.record.user), call);
    const isOwn = mover.job !== undefined && operationOf(mover.job) === operation.id;
    if (isOwn && !isTokenMade) await createToken(context, { ...serving, mover }, call);
    isTokenMade ||= isOwn;
    const address = isOwn ? addressOf(mover.pods) : undefined;
    if (address !== undefined) return address;
    await goOn(context, serving, call);
    await sleep(LOOK_EVERY_MS, undefined, { signal: call.signal });
  }
}

/** It may be its turn now, or have failed. */
async function goOn(context: Context, { archive, operation }: Serving, call: Call): Promise<void> {
  const now = present(await findArchive(context, archive.record.id, call));
  if (now.operation?.id === operation.id) return void (await advance(context, now, call));
  const { last } = now.record;
  throw refusalOf(last?.reason, last?.id === operation.id ? last.message : undefined);
}

function refusalOf(reason: string | undefined, message = 'The download ended before it began. Try again.'): AppError {
  const isMissing = reason === 'PathMissing' || reason === 'SnapshotMissing';
  return isMissing ? new AppError('path_missing', 404, message) : new AppError('download_failed', 409, message);
}

/** Owned by the mover's Job, so that it goes with it. */
async function createToken(
  context: Context,
  { operation, token, mover }: Serving & { readonly mover: SeenMover },
  call: Call,
) {
  const { name = '', uid = '' } = mover.job?.metadata ?? {};
  const secret: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: tokenName(operation.id),
      namespace: context.settings.namespace,
      labels: labelsOf('archive-download', {}),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid }],
    },
    immutable: true,
    stringData: { token },
  };
  try {
    await context.kube.create(secret, call);
  } catch (error) {
    // Whose answer was lost: it is the same token.
    if (!hasCode(error, 'already_exists')) throw error;
  }
}

/** Nobody waits for it any more: its Job is removed by whoever looks next. */
async function withdraw(context: Context, archive: Archive, operation: Operation): Promise<void> {
  const call = ownCall();
  try {
    const now = await findArchive(context, archive.record.id, call);
    if (now?.operation?.id !== operation.id) return;
    const patch = subjectPatch(now, { record: now.record, operation: undefined, phase: restingPhase(now.record) });
    const ref = refOf(context, 'ConfigMap', now.name);
    if ((await unlessChanged(context.kube.mergePatch(ref, patch, call))) === undefined) return;
    await advance(context, { ...now, operation: undefined }, call);
  } catch (error) {
    context.log.warn('a download could not be withdrawn', { archive: archive.record.id, error });
  }
}
