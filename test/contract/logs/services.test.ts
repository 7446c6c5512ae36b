// The log of a service, for its owner: as it comes, in parts, and of the container before.
import { basic } from '../../support/credentialFiles';
import { eventually } from '../../support/eventually';
import { createLogs, type Logs } from '../../support/logs';
import { mainDeployment, yaml } from '../../support/manifests';

jest.setTimeout(90_000);

let logs: Logs;

beforeAll(async () => {
  logs = await createLogs();
  const { workspace, hub } = logs.world;
  const command = ['sh', '-c', 'for i in 1 2 3; do echo line $i; done; exec sleep 600'];
  workspace.describe('talker', { 'service.yaml': yaml(mainDeployment({ command })) });
  await hub.start('talker', { service: 'talker' });
  await eventually(async () => ((await read('talker')).text === 'line 1\nline 2\nline 3\n' ? true : undefined), 60);
});

afterAll(async () => logs?.world.close());

const read = async (name: string, query = '') => logs.send('GET', `/api/logs/services/${name}/${query}`);

it('parts of it: the last lines, one container', async () => {
  expect((await read('talker', '?tail=1')).text).toBe('line 3\n');
  expect((await read('talker', '?since=3600&container=main')).text).toContain('line 1');
  expect((await read('talker', '?container=other')).status).toBe(404);
  expect((await read('talker', '?previous=true')).status).toBe(404);
});

it('HEAD leaves nothing open, and harms nobody', async () => {
  const headers = { authorization: basic('hub-a') };
  const { status } = await logs.instance.request('HEAD', '/api/logs/services/talker/?follow=true', { headers });

  expect([status, (await read('talker', '?tail=1')).text]).toEqual([200, 'line 3\n']);
});

it('who follows it reads on until the service ends', async () => {
  const following = read('talker', '?follow=true');
  await eventually(async () => (await read('talker')).text || undefined);

  await logs.world.hub.stop('talker');

  expect((await following).text).toBe('line 1\nline 2\nline 3\n');
});

it('is not there for anybody else, nor for a name that nobody has', async () => {
  await logs.world.hub.start('mine', { service: 'talker' });
  await eventually(async () => ((await read('mine')).status === 200 ? true : undefined), 60);
  const headers = { authorization: basic('hub-b') };

  expect((await logs.instance.request('GET', '/api/logs/services/mine/', { headers })).status).toBe(404);
  expect((await read('nobody')).status).toBe(404);
  expect((await logs.instance.request('GET', '/api/logs/services/mine/')).status).toBe(401);
});

it.each(['tail=some', 'since=0', 'follow=maybe'])('a wish that is none is refused: %s', async (wish) => {
  const answer = await read('talker', `?${wish}`);
  expect([answer.status, answer.body]).toEqual([400, { [wish.replace(/=.*/, '')]: [expect.any(String)] }]);
});
