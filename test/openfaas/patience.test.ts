// The gateway waits 60 s for the last byte of an answer, and what it cuts looks whole: how streams get by, and what a client sees.
// Here it waits for two seconds; what functions are told is shortened likewise.
import { request as open, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { hubfn } from '../support/commandLine';
import { basic, tokenOf } from '../support/credentialFiles';
import { openEventStream } from '../support/eventSource';
import { JOB_DEFAULTS } from '../support/jobs';
import { jobsBehind } from '../support/openfaas/behind';
import { openOpenFaas, type OpenFaas } from '../support/openfaas/openfaas';

jest.setTimeout(120_000);

const PATIENCE_MS = 2_000;
const authorization = basic('jupyterhub');

let openfaas: OpenFaas;

beforeAll(async () => {
  openfaas = await openOpenFaas({
    config: { jobs: { defaults: JOB_DEFAULTS } },
    patienceMs: PATIENCE_MS,
    environment: { STREAM_SECONDS: '1' },
  });
});

afterAll(async () => openfaas?.close());

async function running(cmd: string): Promise<string> {
  const jobs = jobsBehind(openfaas);
  const job = await jobs.submit({ cmd });
  await jobs.until(job, 'running');
  return job.metadata.name;
}

function follow(id: string, accept: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = `${openfaas.url}/function/jobs/jobs/${id}/logs?follow=true`;
    open(url, { agent: false, headers: { authorization, accept } }, resolve).on('error', reject).end();
  });
}

test('a followed log is cut and ends as if it were whole; the rest can be read afterwards', async () => {
  const id = await running('echo first; sleep 4; echo last');
  const answer = await follow(id, '*/*');
  expect([answer.statusCode, await text(answer), answer.complete]).toEqual([200, 'first\n', true]);
  const jobs = jobsBehind(openfaas);
  await jobs.ended(await jobs.get(id));
  expect((await jobs.logs(id)).text).toBe('first\nlast\n');
});

test('its lines come at once to who asks for an event stream, and to others only together', async () => {
  const id = await running('for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done');
  const chunksOf = async (accept: string): Promise<readonly string[]> => {
    const chunks: string[] = [];
    for await (const chunk of await follow(id, accept)) chunks.push(String(chunk));
    return chunks;
  };
  const [streamed, held] = await Promise.all([chunksOf('text/event-stream'), chunksOf('*/*')]);
  expect(streamed.length).toBeGreaterThan(1);
  expect(held).toHaveLength(1);
});

test('a stream of events ends by itself before it is cut, and goes on behind the last one', async () => {
  const id = await running('sleep 3');
  const url = `${openfaas.url}/function/jobs/jobs/${id}/events`;
  const seen: string[] = [];
  for (let last: string | undefined; seen.at(-1) !== 'succeeded';) {
    const headers = {
      authorization,
      accept: 'text/event-stream',
      ...(last !== undefined && { 'last-event-id': last }),
    };
    const startedAt = performance.now();
    const stream = await openEventStream(url, headers);
    if (stream.status === 204) break;
    await stream.ended;
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
    seen.push(...stream.events.map(({ event }) => event));
    last = stream.events.at(-1)?.id ?? last;
  }
  expect(seen.at(-1)).toBe('succeeded');
  expect(new Set(seen).size).toBe(seen.length);
});

test('hubfn reads on where a log was cut, and shows the whole', async () => {
  const id = await running('echo first; sleep 3; echo last');
  const environment = {
    HUBFN_URL: `${openfaas.url}/function/jobs`,
    HUBFN_TOKEN: tokenOf('jupyterhub'),
    HOME: '/nonexistent',
  };
  const { code, output } = await hubfn(['jobs', 'logs', id, '--follow'], { environment });
  expect([output, code]).toEqual(['first\nlast\n', 0]);
});
