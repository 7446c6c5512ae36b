// What log handlers cost: warm polls with stream, file and syslog beside our own lines alone; and a syslog receiver that takes nothing.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentLabels, DOCUMENT_NAME, HANDLERS_KEY } from '../lib/logHandlers/document';
import { READINESS, type Bed } from './instruments/bed';
import { openClient } from './instruments/client';
import { inImage } from './instruments/image';
import { interleave } from './instruments/interleave';
import { load } from './instruments/load';
import type { Finding, Measurement } from './instruments/measurement';
import { pin } from './instruments/pin';
import { populate } from './instruments/population';
import { cpuMicroseconds } from './instruments/processorTime';
import { peakMib } from './instruments/residentMemory';
import { openReceiver } from './instruments/syslogReceiver';
import { compared, toFigure } from './instruments/statistics';

const SERVICES = 100;
const CONNECTIONS = 32;
const BURST_SECONDS = 0.5;
/** After a change of the configuration; what is on record when none is active tells whether it was enough. */
const SPREAD_MS = 300;
const AT_MOST = 1.05;
/** What is required is the throughput; this limit is our own. */
const CPU_AT_MOST = 1.1;
const LIMIT_MIB = 100;
/** Each request of the log test makes this many records, and one of its own. */
const RECORDS_A_REQUEST = 6 * 20 + 1;
const RECORDS_A_SECOND = 10_000;
const STALLED_SECONDS = 10;

export const logging: Measurement = {
  name: 'logging',
  summary:
    'warm polls with stream, file and syslog active beside none; 10,000 records/s for 10 s into a stalled receiver',
  isLocal: true,
  measure: async (bed) => [...(await pollsOf(bed)), ...(await stalledOf(bed))],
};

type Handlers = Readonly<Record<string, { readonly configuration: object }>>;

/** As the function logs would write it. */
async function configure(bed: Bed, handlers: Handlers): Promise<void> {
  const client = bed.raw();
  const path = `/api/v1/namespaces/${bed.api.namespace}/configmaps`;
  const data = { [HANDLERS_KEY]: JSON.stringify(handlers) };
  const metadata = { name: DOCUMENT_NAME, labels: documentLabels() };
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
  const { status } = await client.send('POST', path, { body });
  const headers = { 'content-type': 'application/merge-patch+json' };
  if (status === 409) await client.expect('PATCH', `${path}/${DOCUMENT_NAME}`, { body: { data }, headers });
  await sleep(SPREAD_MS);
}

async function pollsOf(bed: Bed): Promise<readonly Finding[]> {
  const names = await populate(bed, 'logged', SERVICES);
  const paths = names.map((name) => `/api/services/${name}/`);
  const headers = { authorization: bed.logins.basic };
  const receiver = await openReceiver({ isReading: true });
  const server = await bed.launch({ path: READINESS, args: inImage('services') });
  const isPinned = cpus().length > 1 && [pin(server.pid, '0'), pin(process.pid, '1')].every(Boolean);
  const level = 'INFO';
  const active: Handlers = {
    stream: { configuration: { formatter: 'simple', level, stream: 'ext://sys.stdout' } },
    file: {
      configuration: {
        formatter: 'simple',
        level,
        filename: join(bed.folder, 'poll.log'),
        when: 'midnight',
        backupCount: 7,
      },
    },
    syslog: {
      configuration: {
        formatter: 'json',
        level,
        address: ['127.0.0.1', receiver.port],
        socktype: 'ext://socket.SOCK_STREAM',
      },
    },
  };
  const cpu: Record<'ours' | 'floor', number[][]> = { ours: [], floor: [] };
  const records = { ours: 0, floor: 0 };
  let isActive: boolean | undefined;
  const burst = async (side: 'ours' | 'floor'): Promise<number> => {
    if (isActive !== (side === 'ours')) await configure(bed, side === 'ours' ? active : {});
    isActive = side === 'ours';
    const before = cpuMicroseconds(server.pid);
    const recordsBefore = receiver.messages();
    const { answers, seconds } = await load({
      url: server.url,
      connections: CONNECTIONS,
      seconds: BURST_SECONDS,
      paths,
      headers,
    });
    records[side] += receiver.messages() - recordsBefore;
    cpu[side].push([(cpuMicroseconds(server.pid) - before) / answers]);
    return (seconds * 1e6) / answers;
  };
  try {
    const sides = { ours: async () => burst('ours'), floor: async () => burst('floor') };
    const rounds = await interleave(sides, { rounds: 40, warmUp: 10, turns: 2, seconds: 200 });
    const where = isPinned ? 'server and its worker on one core, load and receiver on another' : 'not pinned to cores';
    const note = `one poll when ${CONNECTIONS} connections ask all the time; ${records.ours} records received, ${records.floor} while none was active; ${where}`;
    return [
      {
        name: 'logging-poll',
        ...compared(rounds.ours, rounds.floor, 'µs'),
        limit: { of: 'ratio', atMost: AT_MOST },
        note: `time of ${note}`,
      },
      {
        name: 'logging-poll-cpu',
        ...compared(cpu.ours, cpu.floor, 'µs'),
        limit: { of: 'ratio', atMost: CPU_AT_MOST },
        note: `processor time of ${note}`,
      },
    ];
  } finally {
    await Promise.all([server.stop(), receiver.close(), configure(bed, {})]);
    if (isPinned) pin(process.pid, `0-${cpus().length - 1}`);
  }
}

async function stalledOf(bed: Bed): Promise<readonly Finding[]> {
  const receiver = await openReceiver({ isReading: false });
  const server = await bed.launch({ path: READINESS, args: inImage('logs') });
  const address = ['127.0.0.1', receiver.port];
  const settings = { formatter: 'json', level: 'TRACE', address, socktype: 'ext://socket.SOCK_STREAM' };
  try {
    await configure(bed, { syslog: { configuration: settings } });
    const { failed, note } = await flood(server.url, bed.logins.token);
    const peak = toFigure([peakMib(server.pid)], 'MiB');
    const dropped = await droppedOf(server.url);
    const limit = { of: 'ours', atMost: LIMIT_MIB } as const;
    return [
      { name: 'logging-stalled', ours: peak, limit, note: `most memory ever; ${note}; ${dropped} were dropped` },
      {
        name: 'logging-scraped',
        ours: toFigure([peakMib(server.pid)], 'MiB'),
        limit,
        note: 'the same after a first GET /metrics, for which the runtime is loaded',
      },
      { name: 'logging-failed', ours: toFigure([failed], 'requests'), limit: { of: 'ours', atMost: 0 }, note },
    ];
  } finally {
    await Promise.all([server.stop(), receiver.close(), configure(bed, {})]);
  }
}

/** Log tests at a steady pace. */
async function flood(url: string, authorization: string): Promise<{ readonly failed: number; readonly note: string }> {
  const clients = Array.from({ length: 8 }, () => openClient({ url, headers: { authorization } }));
  const requests = Math.round((RECORDS_A_SECOND * STALLED_SECONDS) / RECORDS_A_REQUEST);
  const pending: Promise<unknown>[] = [];
  const startedAt = performance.now();
  for (let number = 0; number < requests; number += 1) {
    const dueMs = (number * STALLED_SECONDS * 1000) / requests - (performance.now() - startedAt);
    if (dueMs > 0) await sleep(dueMs);
    const client = clients[number % clients.length];
    if (client) pending.push(client.expect('GET', '/api/logs/logtest/?count=20'));
  }
  const failed = (await Promise.allSettled(pending)).filter(({ status }) => status === 'rejected').length;
  const seconds = (performance.now() - startedAt) / 1000;
  for (const { close } of clients) close();
  const rate = Math.round((requests * RECORDS_A_REQUEST) / seconds);
  const what = `${requests} requests made ${rate} records/s for ${seconds.toFixed(1)} s`;
  return { failed, note: `${what}, into a receiver that reads nothing` };
}

async function droppedOf(url: string): Promise<string> {
  const client = openClient({ url, headers: {} });
  const { text } = await client.send('GET', '/metrics');
  client.close();
  return /log_dropped_total\{handler="syslog"\} (\d+)/.exec(text)?.[1] ?? 'unknown';
}
