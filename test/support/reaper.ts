// A reaper that tests send on its way: by its timer, by events about jobs; and the report of its last sweep.
import { randomUUID } from 'node:crypto';
import { basic } from './credentialFiles';
import type { FunctionProcess } from './functionProcess';
import type { World } from './world';

export interface Sweeping {
  readonly reaper: FunctionProcess;
  /** Answers the status. */
  readonly sweep: () => Promise<number>;
  /** That a Job has changed. */
  readonly event: (name: string) => Promise<number>;
  readonly report: () => Promise<unknown>;
}

export function sweeping({ cluster }: Pick<World, 'cluster'>, reaper: FunctionProcess): Sweeping {
  return {
    reaper,
    sweep: async () => (await reaper.request('POST', '/', { headers: { 'x-connector': 'cron-connector' } })).status,
    event: async (name) => {
      const metadata = { name, namespace: cluster.namespace };
      const headers = {
        'ce-specversion': '1.0',
        'ce-id': randomUUID(),
        'ce-source': 'https://10.43.0.1:443',
        'ce-type': 'dev.knative.apiserver.resource.update',
      };
      return (await reaper.request('POST', '/', { json: { apiVersion: 'batch/v1', kind: 'Job', metadata }, headers }))
        .status;
    },
    report: async () =>
      (await reaper.request('GET', '/reaper/report', { headers: { authorization: basic('hub-a') } })).body,
  };
}
