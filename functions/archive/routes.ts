// The routes of the archive API: each handler only translates between HTTP and an operation.
import type { Request, Response } from '../../lib/http/message';
import type { Route } from '../../lib/http/route';
import { OPERATORS, OWNERS } from './access/caller';
import type { Archive } from './archive';
import { ask, drillOperation, holdArchive, plainOperation, present, removeArchive, restoreOperation } from './ask';
import { backUp } from './backup';
import type { Context } from './context';
import { download } from './download/download';
import { readArchives } from './find';
import { ofUser } from './names';
import { refuseNeeded } from './release/ask';
import { mustHaveRoom } from './restores/room';
import { createReleaseRoutes } from './release/routes';
import { getArchive, listArchives, shown, soughtBy } from './read';
import { backupBody, downloadQuery, holdBody, invalidInput, listQuery, parseInput, restoreBody } from './schema';

const COLLECTION = '/archives';
const ITEM = `${COLLECTION}/:id`;
const MAX_KEY = 255;
const operators = { access: { group: OPERATORS } } as const;
const owners = { access: { group: OWNERS } } as const;

export function createRoutes(context: Context): readonly Route[] {
  return [
    liveness(),
    ...collectionRoutes(context),
    ...itemRoutes(context),
    ...endRoutes(context),
    ...proofRoutes(context),
    ...createReleaseRoutes(context),
  ];
}

function liveness(): Route {
  return {
    method: 'GET',
    path: '/',
    access: 'open',
    quiet: true,
    summary: 'Whether the function lives',
    handle: async () => ({ status: 200, body: { status: 'alive' } }),
  };
}

function collectionRoutes(context: Context): readonly Route[] {
  return [
    {
      ...operators,
      method: 'POST',
      path: COLLECTION,
      body: 'json',
      schema: backupBody,
      summary: "Archive a user's claim now",
      handle: async (request) => {
        const wanted = parseInput(backupBody, request.body);
        const asked = { credential: request.caller?.name ?? '', request: wanted, idempotencyKey: keyOf(request) };
        return accepted(context, await backUp(context, asked, request), request);
      },
    },
    {
      ...owners,
      method: 'GET',
      path: COLLECTION,
      query: listQuery,
      summary: 'List archives: all of them, or those of the user who asks',
      handle: async (request) => listArchives(context, request),
    },
  ];
}

function itemRoutes(context: Context): readonly Route[] {
  return [
    {
      ...owners,
      method: 'GET',
      path: ITEM,
      summary: 'An archive, when it was last proven, and what is being done with it',
      handle: async (request) => {
        const archive = await getArchive(context, soughtBy(request), request);
        return { status: 200, body: await shown(context, archive, request) };
      },
    },
    {
      ...owners,
      method: 'POST',
      path: `${ITEM}/restore`,
      body: 'json',
      schema: restoreBody,
      summary: 'Restore an archive, or a path in it, to a new claim',
      handle: async (request) => {
        const wanted = parseInput(restoreBody, request.body);
        const sought = soughtBy(request);
        if ('user' in sought.scope && Object.keys(wanted).some((field) => field !== 'path')) {
          throw invalidInput('Only path may be given: the claim is named and made for you.');
        }
        const archive = await getArchive(context, sought, request);
        if ('user' in sought.scope) await mustHaveRoom(context, archive, request);
        const operation = restoreOperation(context, archive, wanted);
        return accepted(context, present(await ask(context, { archive, operation }, request)), request);
      },
    },
  ];
}

function endRoutes(context: Context): readonly Route[] {
  return [
    {
      ...owners,
      method: 'GET',
      path: `${ITEM}/download`,
      query: downloadQuery,
      produces: 'application/x-tar',
      summary: 'An archive as a tar stream, or a single file of it',
      handle: async (request) => {
        const { path } = parseInput(downloadQuery, Object.fromEntries(request.query));
        const archive = await getArchive(context, soughtBy(request), request);
        return download(context, { archive, path }, request);
      },
    },
    {
      ...operators,
      method: 'DELETE',
      path: ITEM,
      summary: 'Remove an archive; force=true for the only whole one of a claim',
      handle: async (request) => {
        const archive = await getArchive(context, soughtBy(request), request);
        await refuseNeeded(context, archive, request);
        const others = await readArchives(context, ofUser(archive.record.user), request);
        const isForced = request.query.get('force') === 'true';
        const left = await removeArchive(context, { archive, others, isForced }, request);
        return left === undefined ? { status: 204 } : accepted(context, left, request);
      },
    },
  ];
}

function proofRoutes(context: Context): readonly Route[] {
  const asking = (
    path: string,
    summary: string,
    run: (archive: Archive, request: Request) => Promise<Archive>,
  ): Route => ({
    ...operators,
    method: 'POST',
    path: `${ITEM}/${path}`,
    body: 'json',
    summary,
    handle: async (request) => {
      const archive = await getArchive(context, soughtBy(request), request);
      return accepted(context, await run(archive, request), request);
    },
  });
  return [
    asking('verify', 'Read all of an archive', async (archive, request) =>
      present(await ask(context, { archive, operation: plainOperation(context, 'verify') }, request)),
    ),
    asking('drill', 'Restore an archive to a scratch claim and compare every file', async (archive, request) =>
      present(await ask(context, { archive, operation: drillOperation(context, archive) }, request)),
    ),
    {
      ...asking('hold', 'Keep an archive whatever the policy says, or no more', async (archive, request) =>
        holdArchive(context, { archive, ...parseInput(holdBody, request.body) }, request),
      ),
      schema: holdBody,
    },
  ];
}

async function accepted(context: Context, archive: Archive, request: Request): Promise<Response> {
  return { status: archive.operation === undefined ? 200 : 202, body: await shown(context, archive, request) };
}

function keyOf({ headers }: Request): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || (key !== '' && key.length <= MAX_KEY)) return key;
  throw invalidInput(`Idempotency-Key: give 1 to ${MAX_KEY} characters.`);
}
