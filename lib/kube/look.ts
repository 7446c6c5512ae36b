// Looks at a cluster before anything of ours is in it: paths of any API, with absence and refusal as values. Changes nothing.
import { buffer } from 'node:stream/consumers';
import { AppError } from '../errors';
import { openAnswer, sender } from './exchange';
import type { Call } from './kube';
import type { Transport } from './transport';

/** What was found there, or why nothing was. */
export type Seen<T> =
  | { readonly outcome: 'found'; readonly value: T }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'forbidden' };

/** One verb on one kind of object, as RBAC names them. */
export interface Right {
  readonly verb: string;
  /** `''` is the core group. */
  readonly group: string;
  /** `pods`, `pods/log` */
  readonly resource: string;
  /** Of the one object that it is limited to. */
  readonly name?: string;
  /** Of the whole cluster when absent. */
  readonly namespace?: string;
}

export interface Look {
  /** The JSON at a path: `/version`, `/apis/serving.knative.dev/v1`. */
  read<T>(path: string, call: Call): Promise<Seen<T>>;
  /** Whether the caller may, as `kubectl auth can-i` asks. */
  mayDo(right: Right, call: Call): Promise<boolean>;
  /** The API server's clock, in whole seconds; undefined where no answer tells. */
  serverTime(call: Call): Promise<Date | undefined>;
}

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

export function createLook(transport: Transport): Look {
  const { send } = sender(transport);
  return {
    read: async <T>(path: string, call: Call): Promise<Seen<T>> => {
      try {
        const { value } = await send({ method: 'GET', path }, call);
        return { outcome: 'found', value: value as T };
      } catch (error) {
        return { outcome: absenceIn(error) };
      }
    },
    mayDo: async (right, call) => {
      const { value } = await send({ method: 'POST', path: REVIEWS, body: reviewOf(right) }, call);
      return (value as { readonly status?: { readonly allowed?: boolean } }).status?.allowed ?? false;
    },
    serverTime: async ({ signal }) => {
      const { headers, body } = await openAnswer(transport, { method: 'GET', path: '/version' }, signal);
      // Read to its end, so that the connection can be used again.
      await buffer(body);
      return headers['date'] === undefined ? undefined : new Date(headers['date']);
    },
  };
}

/** By the status: an API that is not there at all is answered without a reason. Any other failure stays one. */
function absenceIn(error: unknown): 'missing' | 'forbidden' {
  const status = error instanceof AppError ? error.details.fields?.['apiStatus'] : undefined;
  if (status === 404) return 'missing';
  if (status === 403) return 'forbidden';
  throw error;
}

function reviewOf({ resource, ...attributes }: Right): object {
  const [plural, subresource] = resource.split('/');
  const resourceAttributes = { ...attributes, resource: plural, ...(subresource !== undefined && { subresource }) };
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
}
