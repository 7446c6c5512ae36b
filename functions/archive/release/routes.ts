// The routes of what only operators do: claims given up and brought back, and passwords changed.
import type { Route } from '../../../lib/http/route';
import { OPERATORS } from '../access/caller';
import type { Context } from '../context';
import { rotateKey } from '../keys/rotate';
import { getArchive, soughtBy } from '../read';
import { parseInput, releaseBody, rotateBody } from '../schema';
import { repositoryView } from '../view';
import { releaseClaim, undoRelease } from './ask';
import { listReleases } from './list';
import { releaseView } from './release';

const COLLECTION = '/archives';
const operators = { access: { group: OPERATORS } } as const;

export function createReleaseRoutes(context: Context): readonly Route[] {
  return [...releaseRoutes(context), keyRoute(context)];
}

function releaseRoutes(context: Context): readonly Route[] {
  return [
    {
      ...operators,
      method: 'GET',
      path: `${COLLECTION}/release`,
      summary: 'Claims that are given up or brought back',
      handle: async (request) => ({ status: 200, body: await listReleases(context, request) }),
    },
    {
      ...operators,
      method: 'POST',
      path: `${COLLECTION}/release`,
      body: 'json',
      schema: releaseBody,
      summary: 'Give up a claim that is archived, verified and unused since; its volume is kept for a while',
      handle: async (request) => {
        const { claim } = parseInput(releaseBody, request.body);
        return { status: 202, body: releaseView(await releaseClaim(context, claim, request)) };
      },
    },
    {
      ...operators,
      method: 'POST',
      path: `${COLLECTION}/:id/undo`,
      summary: 'Bring back the claim of an archive, with its volume',
      handle: async (request) => {
        const { record } = await getArchive(context, soughtBy(request), request);
        const release = await undoRelease(context, record.claim, request);
        return release === undefined
          ? { status: 200, body: { claim: record.claim, phase: 'back' } }
          : { status: 202, body: releaseView(release) };
      },
    },
  ];
}

function keyRoute(context: Context): Route {
  return {
    ...operators,
    method: 'POST',
    path: `${COLLECTION}/keys/rotate`,
    body: 'json',
    schema: rotateBody,
    summary: "Change the password of a user's repository",
    handle: async (request) => {
      const { user } = parseInput(rotateBody, request.body);
      return { status: 202, body: repositoryView(await rotateKey(context, user, request)) };
    },
  };
}
