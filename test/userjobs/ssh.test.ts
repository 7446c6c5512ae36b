// What is told of a host that takes the connection and says nothing.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { commandArguments } from '../../functions/userjobs/ssh/arguments';
import { runSsh } from '../../functions/userjobs/ssh/run';

test('a command without an answer is ended with its time, and where to look is told', async () => {
  const mute = createServer().listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  const place = { login: { address: '127.0.0.1', port, user: 'tunnel', key: 'id' }, folder: '/absent' };

  const ran = await runSsh(commandArguments(place, ['true']), { signal: AbortSignal.timeout(500) });

  mute.close();
  expect(ran).toEqual({ code: -1, output: '', said: expect.stringMatching(/^No answer in time\..*bashrc/) as string });
});
