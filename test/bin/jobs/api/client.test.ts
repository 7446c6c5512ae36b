import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createClient, type JobsClient } from '../../../../bin/jobs/api/client';
import { overHttp } from '../../../../bin/api/overHttp';
import { readAttempt, unread } from '../../../../bin/jobs/readAttempt';

const JOB = JSON.stringify({ metadata: { name: 'a' }, state: { phase: 'running' } });
let server: Server;
let asked: string[];

beforeEach(() => {
  asked = [];
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
});

/** The n-th request is answered by the n-th, the last one answers all others. */
async function clientOf(...answers: readonly RequestListener[]): Promise<JobsClient> {
  server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(`${request.method} ${request.url}`);
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/prefix/`);
  return createClient(overHttp({ url, authorization: 'Token x' }));
}

const answering =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
const hangUp: RequestListener = (request) => void request.socket.destroy();

test('a way that fails is tried again, below the path of the URL', async () => {
  const client = await clientOf(hangUp, answering(503, ''), answering(200, JOB));
  expect((await client.get('a')).metadata.name).toBe('a');
  expect(asked).toEqual(Array(3).fill('GET /prefix/jobs/a'));
});

test('after three tries it gives up', async () => {
  const client = await clientOf(answering(503, '{"detail": "Draining."}'));
  await expect(client.get('a')).rejects.toThrow('Draining.');
  expect(asked).toHaveLength(3);
});

test('a service that is not there is named', async () => {
  const client = await clientOf(hangUp);
  await expect(client.get('a')).rejects.toThrow(/^http:\/\/127\.0\.0\.1:\d+\/prefix could not be reached: /);
});

test('a refusal is told once, in the words of the service', async () => {
  const client = await clientOf(answering(422, '{"detail": "memory: too much"}'));
  await expect(client.submit({ name: 'a' })).rejects.toThrow('memory: too much');
  expect(asked).toHaveLength(1);
});

test('who is not let in is told what to give', async () => {
  const client = await clientOf(answering(401, '{"detail": "Invalid."}'));
  await expect(client.get('a')).rejects.toThrow('Invalid. Give --user and HUBFN_PASSWORD, or HUBFN_TOKEN.');
});

test('an answer that is no job is not taken for one', async () => {
  const client = await clientOf(answering(200, '<html>'));
  await expect(client.get('a')).rejects.toThrow('is it the jobs function?');
});

test('a list is read page by page', async () => {
  const client = await clientOf(
    answering(200, '[{"job": "a", "phase": "running"}]', { 'x-continue': 'more=' }),
    answering(200, '[{"job": "b", "phase": "failed"}]'),
  );
  expect((await client.list({ state: 'all', label: 'x=y' })).map(({ job }) => job)).toEqual(['a', 'b']);
  expect(asked[1]).toBe('GET /prefix/jobs?limit=500&state=all&label=x%3Dy&continue=more%3D');
});

test('a log that broke off is taken up where it broke off', async () => {
  const client = await clientOf(
    (_request, response) => {
      response.writeHead(200).write('one\ntw', () => response.destroy());
    },
    answering(200, 'one\ntwo\nthree\n'),
  );
  const output = new PassThrough();
  const source = { client, id: 'a', output };

  const broken = await readAttempt(source, unread(2), true);
  const whole = await readAttempt(source, broken, true);
  output.end();

  expect([broken.mark.bytes, broken.isWhole, whole.mark.bytes, whole.isWhole]).toEqual([6, false, 14, true]);
  expect(await text(output)).toBe('one\ntwo\nthree\n');
  expect(asked).toEqual(Array(2).fill('GET /prefix/jobs/a/logs?attempt=2&follow=true'));
});

test('a log that was followed for long is read once more: a gateway may have cut it, and not have told', async () => {
  const client = await clientOf(answering(200, 'one\n'), answering(200, 'one\ntwo\n'));
  const output = new PassThrough();
  const times = [0, 59_000, 60_000, 119_000];
  const source = { client, id: 'a', output, now: () => times.shift() ?? 0 };

  const cut = await readAttempt(source, unread(1), true);
  const whole = await readAttempt(source, cut, false);
  output.end();

  expect([cut.isWhole, whole.isWhole]).toEqual([false, true]);
  expect(await text(output)).toBe('one\ntwo\n');
});

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

/** Follows it until it is whole; what was written then. */
async function written(...answers: readonly RequestListener[]): Promise<string> {
  const client = await clientOf(...answers);
  const output = new PassThrough();
  let reading = unread(1);
  while (!reading.isWhole) reading = await readAttempt({ client, id: 'a', output }, reading, true);
  output.end();
  return text(output);
}

const breakingOff =
  (body: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(200).write(body, () => response.destroy());

test('a log of which the node keeps only the newer half by now is taken up where it broke off', async () => {
  const newer = answering(200, lines(101, 250));

  expect(await written(breakingOff(lines(1, 200)), newer, newer, newer)).toBe(lines(1, 250));
  expect(asked).toEqual(
    ['?attempt=1&follow=true', '?attempt=1&follow=true', '?attempt=1', '?attempt=1&follow=true'].map(
      (query) => `GET /prefix/jobs/a/logs${query}`,
    ),
  );
});

test('a log that has gone on too far meanwhile is told with its gap', async () => {
  const newer = answering(200, lines(301, 400));

  expect(await written(breakingOff(lines(1, 200)), newer)).toBe(
    `${lines(1, 200)}--- the log goes on here with what is left of it\n${lines(301, 400)}`,
  );
});

test('an empty log may still come, unless the attempt has ended', async () => {
  const client = await clientOf(answering(404, '{"detail": "Logs not found"}'));
  const source = { client, id: 'a', output: new PassThrough() };
  expect((await readAttempt(source, unread(1), true)).isWhole).toBe(false);
  expect((await readAttempt(source, unread(1), false)).isWhole).toBe(true);
});
