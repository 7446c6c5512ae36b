// Jobs as tests make them, and what the reaper has kept of them.
import { buffer } from 'node:stream/consumers';
import { readRecord, recordedLog, recordName, type JobRecord } from '../../lib/jobs/record';
import type { KubeObject } from '../../lib/kube/objects';
import { basic } from './credentialFiles';
import { eventually } from './eventually';
import type { FunctionProcess } from './functionProcess';
import type { KubeClient } from './kubeClient';

export interface Kept {
  readonly record: JobRecord;
  readonly configMap: KubeObject;
  readonly logs: readonly string[];
}

export interface ReapedJobs {
  /** Answers the id. */
  readonly submit: (body: object) => Promise<string>;
  /** Until it is over. */
  readonly ended: (id: string) => Promise<string>;
  readonly isThere: (id: string) => Promise<boolean>;
  readonly kept: (id: string) => Promise<Kept>;
}

export function reapedJobs({ request }: Pick<FunctionProcess, 'request'>, kube: KubeClient): ReapedJobs {
  return {
    submit: async (json) => {
      const headers = { authorization: basic('hub-a') };
      const { status, text, body } = await request('POST', '/jobs', { json, headers });
      if (status !== 200) throw new Error(text);
      return (body as { metadata: { name: string } }).metadata.name;
    },
    ended: async (id) => {
      await eventually(async () => (isOver(await kube.get('jobs', id)) ? true : undefined), 60);
      return id;
    },
    isThere: async (id) => (await kube.get('jobs', id)) !== undefined,
    kept: async (id) => {
      const configMap = await kube.get('configmaps', recordName(id));
      const record = configMap && readRecord(configMap);
      if (!configMap || !record) throw new Error(`no record of ${id}`);
      const logs = await Promise.all(
        record.attempts.map(async (piece) => {
          const log = recordedLog(configMap, piece);
          return log ? (await buffer(log)).toString() : '';
        }),
      );
      return { record, configMap, logs };
    },
  };
}

function isOver(job: KubeObject | undefined): boolean {
  const { conditions = [] } = (job?.['status'] ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some(({ type, status }) => status === 'True' && /^(Complete|Failed)$/.test(type));
}
