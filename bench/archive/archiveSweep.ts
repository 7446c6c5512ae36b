// A sweep over the claims of a thousand users, all of them archived, with nothing due: its time, and how many requests it makes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveManifest } from '../../functions/archive/archive';
import { newOperation } from '../../functions/archive/operation/operation';
import { ANNOTATIONS, LABELS } from '../../lib/labels';
import { READINESS, type Bed } from '../instruments/bed';
import { openClient } from '../instruments/client';
import { handOut, many } from '../instruments/handOut';
import { inImage } from '../instruments/image';
import { inCluster } from '../instruments/inCluster';
import { timed } from '../instruments/interleave';
import type { Measurement } from '../instruments/measurement';
import { toFigure } from '../instruments/statistics';

const CLAIMS = 1_000;
const CLIENTS = 16;
const SWEEPS = 7;
const LIMIT_MS = 5_000;
const LIMIT_REQUESTS = 20;
const PAGE = 500;
const CRON = { 'x-connector': 'cron-connector' };
/** Nothing is idle for so long, drilled so seldom or forgotten so late. */
const NEVER_DAYS = 10_000;

export const archiveSweep: Measurement = {
  name: 'archiveSweep',
  summary: `sweeps over ${CLAIMS} archived claims with nothing due: time, API requests`,
  measure: async (bed) => {
    const count = Math.round(CLAIMS * bed.share);
    await populate(bed, count);
    const archive = await launchArchive(bed);
    try {
      await archive.sweep();
      const records = await bed.recorder.during(archive.sweep);
      const times: number[] = [];
      for (let number = 0; number < SWEEPS; number += 1) times.push(await timed(archive.sweep));
      const pages = records.filter(({ path }) => /[?&]limit=/.test(path)).length;
      const beyond = records.filter(({ path }) => !path.includes('hub-functions-log-handlers')).length - pages;
      return [
        {
          name: 'archive-sweep',
          ours: toFigure(times, 'ms'),
          limit: { of: 'ours', atMost: LIMIT_MS },
          note: `${count} claims, as many archives; through the recorder`,
        },
        {
          name: 'archive-sweep-requests',
          ours: toFigure([beyond], 'requests'),
          limit: { of: 'ours', atMost: LIMIT_REQUESTS },
          note: `beyond ${pages} pages of at most ${PAGE}`,
        },
      ];
    } finally {
      await archive.close();
      await empty(bed);
    }
  },
};

const core = (bed: Bed, plural: string): string => `/api/v1/namespaces/${bed.api.namespace}/${plural}`;

async function populate(bed: Bed, count: number): Promise<void> {
  const clients = many(CLIENTS, bed.raw);
  const users = many(count, (index) => `user-${index}`);
  await handOut(clients, users, async (client, user) => {
    const claim = `claim-${user}`;
    const made = (await client.expect('POST', core(bed, 'persistentvolumeclaims'), {
      body: {
        metadata: { name: claim, annotations: { 'hub.jupyter.org/username': user }, labels: { bench: 'archive' } },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
      },
    })) as { readonly metadata: { readonly uid: string } };
    await client.expect('POST', core(bed, 'configmaps'), { body: archiveOf(bed, user, made.metadata.uid) });
  });
  for (const { close } of clients) close();
}

function archiveOf(bed: Bed, user: string, claimUid: string): object {
  const at = new Date().toISOString();
  const record = {
    id: `bench-${user}`,
    claim: `claim-${user}`,
    claimUid,
    user,
    askedAt: at,
    hold: false,
    tags: {},
    shape: { size: '1Mi', accessModes: ['ReadWriteOnce'] },
    digest: 'bench',
    snapshot: 'bench',
    readFrom: at,
    archivedAt: at,
    verifiedAt: at,
  };
  const manifest = archiveManifest(bed.api.namespace, record, newOperation('backup', new Date()));
  const { [ANNOTATIONS.operation]: _operation, ...annotations } = manifest.metadata?.annotations ?? {};
  const labels = { ...manifest.metadata?.labels, [LABELS.phase]: 'kept', bench: 'archive' };
  return { ...manifest, metadata: { ...manifest.metadata, labels, annotations } };
}

async function empty(bed: Bed): Promise<void> {
  const client = bed.raw();
  for (const plural of ['configmaps', 'persistentvolumeclaims']) {
    await client.expect('DELETE', `${core(bed, plural)}?labelSelector=bench%3Darchive`);
  }
  client.close();
}

async function launchArchive(bed: Bed) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-bench-archive-'));
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ archive: { idle_days: 0, drill_days: NEVER_DAYS, failed_days: NEVER_DAYS } }));
  const pod = await inCluster(bed.api);
  const own = { CONFIG_PATH: config, KUBE_API_URL: bed.recorder.url };
  const environment = { ...bed.environment, ...pod.environment, ...own };
  const { url, stop } = await bed.launch({ path: READINESS, args: inImage('archive'), environment });
  const client = openClient({ url, headers: CRON });
  return {
    sweep: async (): Promise<void> => {
      const { status, text } = await client.send('POST', '/');
      if (status >= 300) throw new Error(`a sweep was answered ${status}: ${text.slice(0, 300)}`);
    },
    close: async (): Promise<void> => {
      client.close();
      await stop();
      pod.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
