// What a hub asks of the services function, over one warm connection.
import { openClient } from './client';
import type { DescriptionName } from './descriptions';

export interface Hub {
  readonly start: (name: string, description: DescriptionName) => Promise<unknown>;
  readonly poll: (name: string) => Promise<unknown>;
  readonly stop: (name: string) => Promise<unknown>;
  readonly list: () => Promise<unknown>;
  /** Asks for a name that cannot be: answered right after the login. */
  readonly knock: () => Promise<unknown>;
  readonly close: () => void;
}

const COLLECTION = '/api/services/';

export function openHub(url: string, authorization: string): Hub {
  const { expect, send, close } = openClient({ url, headers: { authorization } });
  return {
    start: async (name, description) =>
      expect('POST', COLLECTION, { body: startBody(description), headers: { uuidcode: name } }),
    poll: async (name) => expect('GET', `${COLLECTION}${name}/`),
    stop: async (name) => expect('DELETE', `${COLLECTION}${name}/`),
    list: async () => expect('GET', COLLECTION),
    knock: async () => send('GET', `${COLLECTION}not.a.name/`),
    close,
  };
}

/** As BackendSpawner sends it: some forty variables, a few of them long. */
function startBody(description: DescriptionName): object {
  const others = Array.from({ length: 40 }, (_, index) => [`JUPYTERHUB_VARIABLE_${index}`, `value-${index}`.repeat(5)]);
  const env = {
    ...(Object.fromEntries(others) as Record<string, string>),
    JUPYTERHUB_STATUS_URL: 'users/progress/status/someone',
    JUPYTERHUB_API_TOKEN: 'f'.repeat(32),
    JUPYTERHUB_USER_ID: 17,
  };
  return { env, user_options: { service: description, profile: 'bench' }, start_id: 'abcdef12' };
}
