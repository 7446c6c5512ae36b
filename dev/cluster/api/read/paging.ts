// Lists in pages: every page shows the state of the first one, and a token says where the next one begins.
import type { KubeObject } from '../../../../lib/kube/objects';
import { badRequest, failureError } from '../status';

export interface Page {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
  readonly remainingItemCount?: number;
}

export interface PageRequest {
  /** Names what is listed: type and namespace. */
  readonly scope: string;
  readonly matches: (object: KubeObject) => boolean;
  readonly isSelective: boolean;
  /** 0: everything. */
  readonly limit: number;
  readonly continueToken: string;
}

/** The present objects of a scope. */
export interface Present {
  readonly objects: readonly KubeObject[];
  readonly resourceVersion: number;
}

export interface Pager {
  readonly page: (request: PageRequest, present: Present) => Page;
}

interface Token {
  readonly v: 'meta.k8s.io/v1';
  /** -1: go on in the present state, whatever happened since the first page. */
  readonly rv: number;
  /** `namespace/name` of the last object shown. */
  readonly start: string;
}

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';

/** Keeps the states that pages refer to, the newest `maxSnapshots` of them. */
export function createPager(maxSnapshots = 100): Pager {
  const snapshots = new Map<string, Present>();
  const remember = (scope: string, present: Present): void => {
    snapshots.set(`${scope}@${present.resourceVersion}`, present);
    const [oldest] = snapshots.keys();
    if (snapshots.size > maxSnapshots && oldest !== undefined) snapshots.delete(oldest);
  };
  const stateOf = (scope: string, token: Token, present: Present): Present => {
    if (token.rv === -1) return present;
    const state = snapshots.get(`${scope}@${token.rv}`);
    if (state === undefined) throw expired(token.start);
    return state;
  };

  return {
    page: (request, present) => {
      const token = request.continueToken === '' ? undefined : decodeToken(request.continueToken);
      const state = token === undefined ? present : stateOf(request.scope, token, present);
      const page = cut(request, state, token?.start);
      if (page.continueToken !== undefined) remember(request.scope, state);
      return page;
    },
  };
}

function cut(request: PageRequest, state: Present, start: string | undefined): Page {
  const selected = state.objects.filter((object) => isAfter(object, start) && request.matches(object));
  const resourceVersion = String(state.resourceVersion);
  if (request.limit === 0 || selected.length <= request.limit) return { items: selected, resourceVersion };
  const items = selected.slice(0, request.limit);
  const rest = request.isSelective ? {} : { remainingItemCount: selected.length - items.length };
  const token = encodeToken(state.resourceVersion, keyOf(items.at(-1)));
  return { items, resourceVersion, continueToken: token, ...rest };
}

export function listMetadata(page: Page): object {
  const { resourceVersion, continueToken, remainingItemCount } = page;
  return {
    resourceVersion,
    ...(continueToken === undefined ? {} : { continue: continueToken }),
    ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
  };
}

/** Objects lie in order of namespace, then name; a NUL keeps `a/b` before `a-b/a`. */
function keyOf(object: KubeObject | undefined): string {
  return `${object?.metadata?.namespace ?? ''}\0${object?.metadata?.name ?? ''}`;
}

function isAfter(object: KubeObject, start: string | undefined): boolean {
  return start === undefined || keyOf(object) > start;
}

function encodeToken(rv: number, start: string): string {
  const token: Token = { v: 'meta.k8s.io/v1', rv, start };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decodeToken(encoded: string): Token {
  try {
    const token = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Partial<Token> | null;
    if (typeof token?.rv === 'number' && typeof token.start === 'string') return token as Token;
  } catch {
    // falls through to the refusal: what cannot be read is no token of ours
  }
  throw badRequest('continue key is not valid: unable to decode the continue token');
}

function expired(start: string): Error {
  const metadata = { continue: encodeToken(-1, start) };
  return failureError({ reason: 'Expired', message: TOO_OLD, code: 410, metadata });
}
