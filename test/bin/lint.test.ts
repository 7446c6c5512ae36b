import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Terminal } from '../../bin/command';
import { lint } from '../../bin/lint';

const main = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: deployment-main-<id>}\n';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lint-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function describeService(credential: string, service: string, files: Readonly<Record<string, string>>): void {
  const folder = join(root, credential, service);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

async function run(...args: readonly string[]): Promise<{ output: string; error: string | undefined }> {
  let output = '';
  const terminal = { write: (text: string) => (output += text) } as unknown as Terminal;
  try {
    await lint.run([root, ...args], terminal);
    return { output, error: undefined };
  } catch (error) {
    return { output, error: (error as Error).message };
  }
}

test('descriptions that would start are ok', async () => {
  describeService('hub', 'lab', { 'service.yaml': main });
  await expect(run()).resolves.toEqual({ output: 'hub/lab: ok\n', error: undefined });
});

test('each fault is told with its place, and the others are still checked', async () => {
  describeService('hub', 'empty', { 'other.yaml': '' });
  describeService('hub', 'lab', { 'service.yaml': `${main}spec: {image: <imge>}` });
  describeService('hub', 'updated', { 'service.yaml': main, 'update.yaml': 'kind: [' });
  describeService('other', 'lab', { 'service.yaml': main });
  const { output, error } = await run();
  expect(output).toContain("hub/empty: Couldn't find service yaml file.\n");
  expect(output).toContain('hub/lab: service.yaml, document 1, spec.image: unknown placeholder <imge>\n');
  expect(output).toContain('hub/updated: update.yaml, document 1: not valid YAML');
  expect(output).toContain('other/lab: ok\n');
  expect(error).toBe('3 of 4 descriptions cannot be started');
});

test('replacements of the stage and the configuration count', async () => {
  describeService('hub', 'lab', { 'service.yaml': `${main}spec: {image: <image>}` });
  const config = join(root, 'config.json');
  writeFileSync(config, JSON.stringify({ services: { replace: { stage: { staging: { image: 'lab:2' } } } } }));
  await expect(run('--config', config, '--stage', 'staging')).resolves.toMatchObject({ error: undefined });
  await expect(run('--config', config)).resolves.toMatchObject({ error: '1 of 1 descriptions cannot be started' });
});

test('an empty folder is a mistake', async () => {
  await expect(run()).resolves.toMatchObject({
    error: expect.stringContaining('there is no <credential>/<service> folder'),
  });
});

const claimText = (value: string): string =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: home, annotations: {hub-functions/restore: ${value}}}\n`;

test('a claim that asks for something else than its latest archive is told, and one in an update', async () => {
  const volumes = 'spec: {template: {spec: {volumes: [{name: home, persistentVolumeClaim: {claimName: home}}]}}}\n';
  describeService('hub', 'right', { 'service.yaml': `${main}${volumes}---\n${claimText('latest')}` });
  describeService('hub', 'wrong', { 'service.yaml': `${main}${volumes}---\n${claimText('oldest')}` });
  describeService('hub', 'late', { 'service.yaml': main, 'update.yaml': claimText('latest') });
  const { output, error } = await run();
  const path = 'document 2, metadata.annotations["hub-functions/restore"]: ';
  expect(output).toContain('hub/right: ok\n');
  expect(output).toContain(`hub/wrong: service.yaml, ${path}is "oldest"; the one value it may have is "latest"\n`);
  expect(output).toContain(
    'hub/late: update.yaml, document 1, metadata.annotations["hub-functions/restore"]: comes too',
  );
  expect(error).toBe('2 of 3 descriptions cannot be started');
});
