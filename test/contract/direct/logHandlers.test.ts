// A change of a log handler on its way: to every instance of every function, in time; and what a bad one does to nobody.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOCUMENT_NAME } from '../../../lib/logHandlers/document';
import { eventually } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import { createLogs, lineIn, SPREAD_SECONDS, type Logs } from '../../support/logs';
import { freePort } from '../../support/receivers/freePort';
import { startStalled } from '../../support/receivers/stalled';

jest.setTimeout(60_000);

let folder: string;
let logs: Logs;
let instances: readonly FunctionProcess[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-handlers-'));
  logs = await createLogs({ files: [`${folder}/*`] });
  const { addFunction, services } = logs.world;
  instances = [services, await addFunction('services'), await addFunction('jobs'), await addFunction('jobs')];
});

afterAll(async () => {
  await logs?.world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As if nobody had ever changed anything. */
afterEach(async () => {
  const { kube } = logs.world.cluster;
  if ((await kube.get('configmaps', DOCUMENT_NAME)) !== undefined) await kube.remove('configmaps', DOCUMENT_NAME);
  await sleep(300);
});

/** Logged at the level INFO by whoever is asked. */
async function touch({ request }: FunctionProcess, path: string): Promise<void> {
  await request('GET', path);
}

async function untilWritten(instance: FunctionProcess, text: RegExp, seconds = SPREAD_SECONDS): Promise<void> {
  await eventually(async () => {
    const line = instance
      .output()
      .split('\n')
      .find((each) => text.test(each));
    if (line === undefined) throw new Error(`nothing like ${text} in ${instance.output().slice(-1_000)}`);
    return line;
  }, seconds);
}

it('a change reaches every warm instance of every function within two seconds', async () => {
  await logs.set('PUT', 'stream', { formatter: 'simple', level: 'INFO' });

  const reached = await Promise.all(
    instances.map(async (instance, number) => {
      return eventually(async () => {
        await touch(instance, `/spread/${number}`);
        return instance.output().includes(` --- path=/spread/${number}`) ? true : undefined;
      }, SPREAD_SECONDS);
    }),
  );
  expect(reached).toEqual([true, true, true, true]);
});

it('a cold instance has it, too, and its first records are not lost', async () => {
  await logs.set('POST', 'file', { level: 'INFO', filename: `${folder}/<function>-cold.log` });

  const cold = await logs.world.addFunction('reaper');

  const line = await lineIn(join(folder, 'reaper-cold.log'), ': listening --- address={');
  expect(line).toMatch(/ logger=reaper levelno=20 levelname=INFO file=lib\/http\/serve.ts line=\d+ function=serve : /);
  await cold.stop();
});

it('a handler may be for certain functions only', async () => {
  await logs.set('POST', 'file', { level: 'INFO', filename: `${folder}/only-<function>.log`, functions: ['logs'] });
  await sleep(SPREAD_SECONDS * 1_000);

  await Promise.all(instances.map(async (instance) => touch(instance, '/only')));
  await logs.send('GET', '/api/logs/logtest/');

  await lineIn(join(folder, 'only-logs.log'), 'Critical');
  for (const name of ['only-services.log', 'only-jobs.log']) {
    expect(() => readFileSync(join(folder, name))).toThrow('ENOENT');
  }
});

it('debug for two seconds ends by itself', async () => {
  await logs.set('PATCH', 'stream', { level: 'TRACE', expires: '2s' });
  await logs.send('GET', '/api/logs/logtest/');
  await untilWritten(logs.instance, /levelname=TRACE .* : Trace/);
  await sleep(2_100);

  const before = logs.instance.output().length;
  const { body } = await logs.send('GET', '/api/logs/handler/stream/');

  expect(body).toMatchObject({ configuration: { level: 10 } });
  await eventually(async () => (logs.instance.output().length > before ? true : undefined));
  expect(logs.instance.output().slice(before)).toMatch(/"message":"request"/);
});

it('stream can be silenced', async () => {
  await logs.set('DELETE', 'stream');
  const before = logs.instance.output().length;
  await logs.send('GET', '/api/logs/logtest/');
  await sleep(300);

  const written = logs.instance.output().slice(before).split('\n').filter(Boolean);
  expect(written.filter((line) => !line.includes('log handler changed'))).toEqual([]);
});

describe.each<[what: string, poison: () => Promise<[handler: string, configuration: object, told: RegExp]>]>([
  ['nothing listens', async () => ['syslog', { address: ['127.0.0.1', await freePort()] }, /nothing listens at 127/]],
  ['the folder is a file', async () => ['file', { filename: `${plainFile()}/x.log` }, /ENOTDIR/]],
  [
    'no mail server',
    async () => [
      'smtp',
      { mailhost: `127.0.0.1:${await freePort()}`, fromaddr: 'a@b.c', toaddrs: ['d@e.f'] },
      /ECONNREFUSED/,
    ],
  ],
])('%s', (_what, poison) => {
  it('is told once, and nobody else notices', async () => {
    const [handler, configuration, told] = await poison();
    const before = logs.instance.output().length;
    await logs.set('POST', handler, configuration);

    const reports = (): readonly string[] =>
      logs.instance
        .output()
        .slice(before)
        .split('\n')
        .filter((line) => line.includes('a log handler cannot work'));
    await eventually(async () => (reports().length > 0 ? true : undefined), 10);
    for (let number = 0; number < 20; number += 1) {
      expect((await logs.send('GET', '/api/logs/logtest/')).status).toBe(200);
    }
    await sleep(1_500);

    expect(reports()).toEqual([expect.stringMatching(told)]);
    const { text } = await logs.instance.request('GET', '/metrics');
    expect(text).toMatch(new RegExp(`hub_functions_log_troubles_total\\{handler="${handler}"\\} 1\n`));
  });
});

it('one that is removed in trouble, and added again, is told again', async () => {
  const before = logs.instance.output().length;
  const reports = (): number => logs.instance.output().slice(before).split('a log handler cannot work').length - 1;
  const untilTold = async (times: number): Promise<boolean> =>
    eventually(async () => (reports() === times ? true : undefined), 10);
  const address = ['127.0.0.1', await freePort()];

  await logs.set('POST', 'syslog', { address });
  await untilTold(1);
  await logs.set('DELETE', 'syslog');
  await logs.set('POST', 'syslog', { address });

  expect(await untilTold(2)).toBe(true);
});

function plainFile(): string {
  const file = join(folder, 'plain');
  writeFileSync(file, '');
  return file;
}

it('a document that somebody has written by hand, and wrongly, takes nobody down', async () => {
  const { kube } = logs.world.cluster;
  await logs.set('POST', 'syslog', {});
  const handlers = { syslog: { configuration: { level: null } }, file: { configuration: { formatter: 'x' } } };
  await kube.patch('configmaps', DOCUMENT_NAME, { data: { 'handlers.json': JSON.stringify(handlers) } });
  await untilWritten(logs.instance, /a log handler cannot work.*Unsupported formatter: None/);

  await kube.patch('configmaps', DOCUMENT_NAME, { data: { 'handlers.json': '{' } });
  await untilWritten(logs.instance, /the configuration of log handlers cannot be read/);
  expect((await logs.world.services.request('GET', '/health/readiness')).status).toBe(200);

  const detail = `ConfigMap ${DOCUMENT_NAME} holds no configuration of log handlers: correct or delete it.`;
  for (const [method, path] of [
    ['GET', '/api/logs/handler/'],
    ['GET', '/api/logs/handler/syslog/'],
    ['DELETE', '/api/logs/handler/syslog/'],
  ] as const) {
    const { status, body } = await logs.send(method, path);
    expect([method, path, status, body]).toMatchObject([method, path, 409, { detail }]);
  }

  await kube.patch('configmaps', DOCUMENT_NAME, { data: { 'handlers.json': '{}', 'changes.json': '{' } });
  expect((await logs.send('GET', '/api/logs/changes/')).body).toEqual([]);
  await logs.set('PATCH', 'stream', { level: 'INFO' });
  expect((await logs.send('GET', '/api/logs/changes/')).body).toHaveLength(1);
});

it('a receiver that takes nothing holds nobody up, and what is dropped is counted', async () => {
  const stalled = await startStalled();
  try {
    await logs.set('POST', 'syslog', { level: 'TRACE', address: ['127.0.0.1', stalled.port] });
    await eventually(async () => (stalled.connections() > 0 ? true : undefined), 5);

    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, async () => logs.send('GET', '/api/logs/logtest/?count=20')),
      );
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }

    const { text } = await logs.instance.request('GET', '/metrics');
    const [, dropped = '0'] = /hub_functions_log_dropped_total\{handler="syslog"\} (\d+)/.exec(text) ?? [];
    expect(Number(dropped)).toBeGreaterThan(0);
  } finally {
    await stalled.stop();
  }
});

it('what was logged last leaves the process before it ends', async () => {
  await logs.set('POST', 'file', { level: 'INFO', filename: `${folder}/<function>-end.log` });
  const reaper = await logs.world.addFunction('reaper');
  await lineIn(join(folder, 'reaper-end.log'), 'listening');

  await reaper.stop();

  expect(readFileSync(join(folder, 'reaper-end.log'), 'utf8')).toMatch(/ : draining --- signal=SIGTERM\n$/);
});
