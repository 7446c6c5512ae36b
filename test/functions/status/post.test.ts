// A hub behind https: told when its certificate is of an authority that Node or the operator knows, and never otherwise.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { createPost, type Posted } from '../../../functions/status/post';

let certificate: string;
let hub: Server;
let posted: Posted;
const heard: string[] = [];

beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'hub' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  certificate = made.cert;
  hub = createServer({ key: made.private, cert: certificate }, ({ headers }, answer) => {
    heard.push(headers.authorization ?? '');
    answer.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(hub, 'listening');
  const { port } = hub.address() as AddressInfo;
  posted = { url: `https://127.0.0.1:${port}/hub/api/`, token: 'sesame', body: {} };
});

afterAll(() => {
  hub?.close();
});

const { signal } = new AbortController();

test('an authority that the operator names is trusted', async () => {
  await expect(createPost([certificate])(posted, signal)).resolves.toEqual({ result: 'told' });
  expect(heard.splice(0)).toEqual(['token sesame']);
});

test('an unknown one is not, and hears no token', async () => {
  await expect(createPost()(posted, signal)).resolves.toMatchObject({ result: 'unreachable' });
  expect(heard).toEqual([]);
});
