// One watch: a stream of JSON lines from the API server, each a change of an object or a sign that there was none.
import { statusError } from './errors';
import { brokenError, openAnswer, type Exchange } from './exchange';
import type { KubeObject } from './objects';
import type { Transport } from './transport';

export interface WatchEvent<T> {
  /** A bookmark only tells the version up to which everything was sent. */
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

interface Line {
  readonly type: WatchEvent<unknown>['type'] | 'ERROR';
  readonly object: KubeObject;
}

/** Ends when the API server ends it; a line that is cut off, or is none, is a broken connection. */
export async function* watchEvents<T extends KubeObject>(
  transport: Transport,
  path: string,
  signal: AbortSignal,
): AsyncIterable<WatchEvent<T>> {
  const request = { method: 'GET', path };
  const { body } = await openAnswer(transport, request, signal);
  for await (const { type, object } of lines(body, request, signal)) {
    if (type === 'ERROR') throw toldError(request, object);
    yield { type, object: object as T };
  }
}

async function* lines(body: AsyncIterable<Uint8Array>, request: Exchange, signal: AbortSignal): AsyncIterable<Line> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body) {
      const whole = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = whole.pop() ?? '';
      for (const line of whole) yield JSON.parse(line) as Line;
    }
    signal.throwIfAborted();
    if (rest !== '') throw new Error('the last line of a watch was cut off');
  } catch (error) {
    throw brokenError(request, error, signal);
  }
}

/** The object of an ERROR is the Status that a refused request would have got. */
function toldError({ method, path }: Exchange, status: KubeObject): Error {
  const httpStatus = Number(status['code'] ?? 500);
  return statusError({ verb: method, path }, { httpStatus, retryAfter: undefined, body: JSON.stringify(status) });
}
