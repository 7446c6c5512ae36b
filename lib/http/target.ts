// Splits a request target into path and query, and takes off what a gateway may have left in front of the path.

export interface Target {
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const ORIGIN = /^[a-z]+:\/\/[^/?]*/i;
const GATEWAY_PREFIX = /^\/function\/[^/]+(?=\/|$)/;

export function parseTarget(url: string): Target {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const bare = path.startsWith('/') ? path : path.replace(ORIGIN, '');
  return {
    path: bare.replace(GATEWAY_PREFIX, '') || '/',
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
  };
}
