// The lines of docs/log-handlers.md, pasted into a shell one after the other, as a reader would.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { passwordOf, WEB_SERVICE } from '../support/credentialFiles';
import { eventually } from '../support/eventually';
import { createLogs, type Logs } from '../support/logs';
import { mainDeployment, yaml } from '../support/manifests';

jest.setTimeout(60_000);

const HUB = 'jupyterhub';
const run = promisify(execFile);
const blocks = [...readFileSync('docs/log-handlers.md', 'utf8').matchAll(/```sh\n(.+?)```/gs)].map(
  ([, text = '']) => text,
);

let logs: Logs;

beforeAll(async () => {
  logs = await createLogs();
  const { workspace, hubOf } = logs.world;
  workspace.setCredential(HUB, { groups: [WEB_SERVICE, 'access_to_logging'] });
  const command = ['sh', '-c', 'echo hello; exec sleep 600'];
  workspace.describe('sleeper', { 'service.yaml': yaml(mainDeployment({ command })) }, HUB);
  const hub = hubOf(HUB);
  await hub.start('hello', { service: 'sleeper' });
  await eventually(
    async () => ((await hub.poll('hello'))['status'] as { phase: string }).phase === 'running' || undefined,
  );
});

afterAll(async () => logs?.world.close());

/** Every curl of a block must be answered with success. */
async function paste(block: string): Promise<string> {
  const text = block
    .replaceAll('http://127.0.0.1:8080', logs.instance.url)
    .replaceAll(`${HUB}:PASSWORD`, `'${HUB}:${passwordOf(HUB)}'`)
    // Whoever follows reads until the service ends.
    .replaceAll('follow=true', 'follow=false');
  const prelude = `set -e\napi=${logs.instance.url}/api/logs\ncurl() { command curl -sS --fail-with-body "$@"; }\n`;
  return (await run('bash', ['-c', prelude + text])).stdout;
}

test('there are all of them', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(7);
});

test.each(blocks)('%s', async (block) => {
  await expect(paste(block)).resolves.toEqual(expect.any(String));
});

test('afterwards what they promised is there', async () => {
  const { body } = await logs.send('GET', '/api/logs/handler/');
  expect((body as { handler: string }[]).map(({ handler }) => handler)).toEqual(['stream', 'file', 'smtp']);
  expect(body).toContainEqual({ handler: 'stream', configuration: expect.objectContaining({ level: 'DEBUG' }) });
  expect(await paste(blocks.at(-1) ?? '')).toBe('hello\n');
});
