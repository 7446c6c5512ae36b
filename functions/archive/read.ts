// GET /archives and GET /archives/{id}: what there is, and how far that is which is being done.
import type { Request, Response } from '../../lib/http/message';
import { hasCode } from '../../lib/kube/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { AppError } from '../../lib/errors';
import { shortHash } from '../../lib/naming';
import { isRecord, parseJson } from '../../lib/record';
import { isInScope, scopeOf, type Scope } from './access/caller';
import { toArchive, type Archive } from './archive';
import type { Context } from './context';
import { findArchive, notFound, readMover, type SeenMover } from './find';
import { ARCHIVE_KIND, ofClaim, ofUser, selectorOf } from './names';
import type { Operation } from './operation/operation';
import { operationOf } from './operation/plan';
import { blockedBy } from './operation/start';
import { invalidInput, listQuery, parseInput } from './schema';
import { archiveView, operationView, type ArchiveView, type OperationView, type Progress } from './view';

/** The newest first within a page; `x-continue` tells that there are more. */
export async function listArchives(context: Context, { caller, query, signal }: Request): Promise<Response> {
  const scope = scopeOf(caller);
  const { claim, user, limit, continue: token } = parseInput(listQuery, Object.fromEntries(query));
  const whose = 'user' in scope ? scope.user : user;
  const selection = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: context.settings.namespace,
    labelSelector: selectorOf(ARCHIVE_KIND, {
      ...(whose !== undefined && ofUser(whose)),
      ...(claim !== undefined && ofClaim(claim)),
    }),
    limit,
    metadataOnly: true,
    ...(token !== undefined && { continueToken: token }),
  } as const;
  const { items, continueToken } = await context.kube
    .list<KubeObject>(selection, { signal })
    .catch((error: unknown) => {
      throw refusalOf(error);
    });
  const archives = items.flatMap((object) => toArchive(object) ?? []).filter(({ record }) => isInScope(scope, record));
  const body = archives.toSorted(newestFirst).map((archive) => archiveView(archive));
  return { status: 200, body, ...(continueToken !== undefined && { headers: { 'x-continue': continueToken } }) };
}

function newestFirst(a: Archive, b: Archive): number {
  return b.record.askedAt.localeCompare(a.record.askedAt);
}

function refusalOf(error: unknown): unknown {
  if (hasCode(error, 'bad_request', 'invalid')) return invalidInput(error.message);
  if (!hasCode(error, 'expired')) return error;
  return new AppError('expired', 410, 'continue: what it goes on with is too long ago. Begin again without it.');
}

export interface Sought {
  readonly id: string;
  readonly scope: Scope;
}

export function soughtBy({ caller, params }: Request): Sought {
  return { id: params['id'] ?? '', scope: scopeOf(caller) };
}

/** What is another's is not there. */
export async function getArchive(context: Context, { id, scope }: Sought, call: Call): Promise<Archive> {
  const archive = await findArchive(context, id, call);
  if (archive !== undefined && isInScope(scope, archive.record)) return archive;
  throw notFound();
}

export async function shown(context: Context, archive: Archive, call: Call): Promise<ArchiveView> {
  const { operation } = archive;
  return archiveView(archive, operation && (await lookAt(context, { archive, operation }, call)));
}

async function lookAt(
  context: Context,
  { archive, operation }: { readonly archive: Archive; readonly operation: Operation },
  call: Call,
): Promise<OperationView> {
  const mover = await readMover(context, shortHash(archive.record.user), call);
  const isOwn = mover.job !== undefined && operationOf(mover.job) === operation.id;
  const isHeldUp = mover.job === undefined && operation.verb === 'backup';
  const [progress, blocked] = await Promise.all([
    isOwn ? readProgress(context, mover, call) : undefined,
    isHeldUp ? blockedBy(context, archive, call) : undefined,
  ]);
  return operationView(operation, { mover, progress, blocked });
}

const TAIL_LINES = 20;

/** The last thing that the mover said. */
async function readProgress(
  { kube, settings }: Context,
  { pods }: SeenMover,
  call: Call,
): Promise<Progress | undefined> {
  const name = pods.at(-1)?.metadata?.name;
  if (name === undefined) return undefined;
  const text = await kube.log({ namespace: settings.namespace, name }, { tailLines: TAIL_LINES }, call);
  const said = (text ?? '').split('\n').map((line) => parseJson(line));
  const last = said.findLast((line) => isRecord(line) && isRecord(line['progress']));
  return isRecord(last) ? (last['progress'] as Progress) : undefined;
}
