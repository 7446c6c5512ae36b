// The transport against a real server on the loopback interface.
import { once, setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpsTransport } from '../../../lib/kube/https';
import type { Transport, TransportResponse } from '../../../lib/kube/transport';

const MORE_THAN_CONNECTIONS = 20;
const LOG = '/api/v1/namespaces/hub/pods/job-1/log?tailLines=10';

let server: Server;
let transport: Transport;

/** Logs begin and never end; everything else is answered at once, but for /never. */
beforeEach(async () => {
  server = createServer(({ url = '' }, reply) => {
    if (url.includes('/log')) reply.write('first line\n');
    else if (url !== '/never') reply.end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  transport = httpsTransport({ url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function get(path: string, { signal } = new AbortController()): Promise<TransportResponse> {
  return transport({ method: 'GET', path, headers: {}, signal });
}

test('logs that nobody reads on take the place of no request', async () => {
  const reading = new AbortController();
  setMaxListeners(MORE_THAN_CONNECTIONS, reading.signal);
  const logs = await Promise.all(Array.from({ length: MORE_THAN_CONNECTIONS }, async () => get(LOG, reading)));

  const { status } = await get('/api/v1/namespaces/hub/pods/job-1');

  expect(status).toBe(200);
  expect(logs.map((log) => log.status)).toEqual(Array.from({ length: MORE_THAN_CONNECTIONS }, () => 200));
  reading.abort();
});

test('a call that is over ends its request, before and after the answer has begun', async () => {
  const [unanswered, unread] = [new AbortController(), new AbortController()];
  const waiting = get('/never', unanswered);
  const log = await get(LOG, unread);
  const read = (async () => {
    for await (const chunk of log.body) void chunk;
  })();

  unanswered.abort(new Error('out of time'));
  unread.abort(new Error('out of time'));

  await expect(waiting).rejects.toThrow('out of time');
  await expect(read).rejects.toThrow('aborted');
});

test('a call that was over before it began sends nothing', async () => {
  await expect(get('/never', { signal: AbortSignal.abort(new Error('over')) } as AbortController)).rejects.toThrow(
    'over',
  );
});

test('signals that outlive their requests keep no listener', async () => {
  const { signal } = new AbortController();
  const [adding, removing] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')];

  for (let count = 0; count < 3; count += 1) {
    const { body } = await get('/', { signal } as AbortController);
    for await (const chunk of body) void chunk;
  }
  await new Promise(setImmediate);

  expect(adding).toHaveBeenCalledTimes(3);
  expect(removing).toHaveBeenCalledTimes(3);
});
