// An API server that answers by script: each list and each watch takes the next answer.
import { createKube, type Kube } from '../../../lib/kube/kube';
import type { TransportRequest, TransportResponse } from '../../../lib/kube/transport';

/** A line of a watch as an object, a piece of one as text, or `silence`: nothing until the client gives up. */
export type Piece = string | object;
export interface Script {
  /** Names listed, and the version; or the status of a refusal. */
  readonly lists: (readonly [names: readonly string[], version: string] | number)[];
  readonly watches: (readonly Piece[] | number)[];
}

export interface ScriptedServer {
  readonly kube: Kube;
  /** `list`, or `watch <version>`. */
  readonly asked: readonly string[];
}

export function scriptedServer({ lists, watches }: Script): ScriptedServer {
  const asked: string[] = [];
  const answer = (request: TransportRequest): TransportResponse => {
    const query = new URLSearchParams(request.path.split('?')[1]);
    const isWatch = query.get('watch') === 'true';
    asked.push(isWatch ? `watch ${query.get('resourceVersion')}` : 'list');
    if (isWatch) return watchAnswer(watches.shift() ?? ['silence'], request.signal);
    const list = lists.shift() ?? 500;
    return typeof list === 'number' ? refusal(list) : whole(listOf(...list));
  };
  return { asked, kube: createKube(async (request) => Promise.resolve(answer(request))) };
}

export function object(name: string, resourceVersion: string): object {
  return { kind: 'ConfigMap', metadata: { name, uid: `uid-${name}`, resourceVersion } };
}

export function event(type: string, name: string, resourceVersion: string): object {
  return { type, object: object(name, resourceVersion) };
}

function listOf(names: readonly string[], resourceVersion: string): object {
  return { metadata: { resourceVersion }, items: names.map((name) => object(name, resourceVersion)) };
}

function whole(body: object, status = 200): TransportResponse {
  return { status, headers: {}, body: bytes([JSON.stringify(body)], new AbortController().signal) };
}

function refusal(code: number): TransportResponse {
  return whole({ kind: 'Status', code, reason: code === 410 ? 'Expired' : 'InternalError' }, code);
}

function watchAnswer(pieces: readonly Piece[] | number, signal: AbortSignal): TransportResponse {
  if (typeof pieces === 'number') return refusal(pieces);
  const lines = pieces.map((piece) => (typeof piece === 'string' ? piece : `${JSON.stringify(piece)}\n`));
  return { status: 200, headers: {}, body: bytes(lines, signal) };
}

async function* bytes(lines: readonly string[], signal: AbortSignal): AsyncIterable<Uint8Array> {
  for (const line of lines) {
    if (line === 'silence') await new Promise((_resolve, reject) => signal.addEventListener('abort', reject));
    yield Buffer.from(line);
  }
}
