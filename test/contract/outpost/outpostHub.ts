// What a hub with an OutpostSpawner sends: starts, polls and stops, as version 2.2 has them.
import type { Answer } from '../../support/httpClient';
import type { Hub } from '../../support/hub';

export interface OutpostStart {
  readonly startId?: string;
  readonly user?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Merged into the body. */
  readonly body?: object;
  readonly async?: boolean;
  readonly timeoutMs?: number;
}

export interface OutpostHub {
  readonly start: (name: string, options?: OutpostStart) => Promise<Answer>;
  readonly poll: (name: string, startId?: string, query?: string) => Promise<Answer>;
  readonly stop: (name: string, startId?: string, async?: boolean) => Promise<Answer>;
}

export const START_ID = '0123456789abcdef0123456789abcdef';

export function outpostHubOf({ send }: Hub): OutpostHub {
  return {
    start: async (name, { startId = START_ID, user = 17, options, body, async = false, timeoutMs = 60_000 } = {}) => {
      const json = {
        name,
        env: {
          JUPYTERHUB_USER_ID: String(user),
          JUPYTERHUB_API_TOKEN: 'a-very-secret-hub-token',
          JUPYTERHUB_EVENTS_URL: 'http://hub/hub/api/users/progress/events/ann',
        },
        user_options: { service: 'lab', ...options, start_id: startId },
        misc: { dns_name_template: '{name}.{namespace}.svc.cluster.local', port: 8080, extra_labels: {} },
        certs: {},
        internal_trust_bundles: {},
        ...body,
      };
      return send('POST', '/services', { json, headers: async ? { 'execution-type': 'async' } : {}, timeoutMs });
    },
    poll: async (name, startId = START_ID, query = '') => send('GET', `/services/${name}/${startId}${query}`),
    stop: async (name, startId = START_ID, async = false) => {
      const headers: Record<string, string> = async ? { 'execution-type': 'async' } : {};
      return send('DELETE', `/services/${name}/${startId}`, { headers });
    },
  };
}
