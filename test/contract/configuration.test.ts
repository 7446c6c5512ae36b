// Environment and config.json: faults are all listed at start, keys of old files are accepted, texts can be chosen (contract 2).
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { mainDeployment, yaml } from '../support/manifests';
import { createWorkspace, type Workspace } from '../support/workspace';
import { createWorld, type World } from '../support/world';

const BUNDLE = resolve(process.env['DIST_DIR'] ?? 'dist', 'functions/services/index.js');

function start(environment: Readonly<Record<string, string>>): {
  readonly status: number | null;
  readonly output: string;
} {
  const env = { PATH: process.env['PATH'] ?? '', KUBE_API_URL: 'https://127.0.0.1:1', ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [BUNDLE], {
    env,
    timeout: 10_000,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

describe('a function with a faulty configuration', () => {
  let files: Workspace;

  beforeAll(() => {
    files = createWorkspace();
  });

  afterAll(() => {
    files.remove();
  });

  it('ends with 1 and lists every fault with its place', () => {
    const file = files.config({
      services: { yaml_filename: 7, unknown_key: 1, replace: { indicators: ['<'] } },
      startup: { create_user: { a: 'group' } },
    });

    const { status, output } = start({ CONFIG_PATH: file });

    expect(status).toBe(1);
    for (const place of [
      'services.yaml_filename',
      'unknown_key',
      'services.replace.indicators',
      'startup.create_user.a',
    ]) {
      expect(output).toContain(place);
    }
  });

  it('ends with 1 for JSON that is none, and for an environment that is wrong', () => {
    const broken = start({ CONFIG_PATH: files.write('broken.json', '{') });
    const port = start({ PORT: 'http' });

    expect([broken.status, port.status]).toEqual([1, 1]);
    expect(broken.output).toContain('config.json');
    expect(port.output).toContain('PORT');
  });
});

describe('a function with an old configuration', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld({
      config: {
        custom_headers_keys: { HTTP_X_TRACE: 'trace' },
        services: {
          base: '/tmp/services',
          max_start_attempts: 3,
          yaml_filename: 'start.yaml',
          container_main_name: 'notebook',
          deployment_main_name_prefix: 'depl-',
          credential_mapping: { 'hub-b': 'hub-a' },
          replace: { indicators: ['[[', ']]'], drfid_keyword: 'drf', secretname_keyword: 'secret' },
        },
        error_messages: { 'services.utils.common.start_service_2': 'No luck' },
      },
    });
    const text = yaml(mainDeployment({ name: 'depl-<id>', container: { name: 'notebook' } }))
      .replaceAll('<id>', '[[drf]]')
      .replaceAll('<secret_name>', '[[secret]]')
      .replaceAll('<namespace>', '[[namespace]]');
    world.workspace.describe('renamed', { 'start.yaml': text });
  });

  afterAll(async () => {
    await world?.close();
  });

  it('warns of keys that mean nothing any more', () => {
    const warnings = world.services
      .output()
      .split('\n')
      .filter((line) => line.includes('"level":"warn"'));

    expect(warnings.filter((line) => line.includes('services.base'))).toHaveLength(1);
    expect(warnings.filter((line) => line.includes('services.max_start_attempts'))).toHaveLength(1);
  });

  it('uses its own names throughout, and the templates of a mapped credential', async () => {
    const hub = world.hubOf('hub-b');

    expect((await hub.start('mapped', { service: 'renamed', startId: '1', headers: { 'x-trace': 't' } })).status).toBe(
      201,
    );

    await hub.untilRunning('mapped');
    expect(await world.cluster.kube.get('deployments', 'depl-mapped-1')).toBeDefined();
    const secret = await world.cluster.kube.get('secrets', 'secret-mapped-1-k8smgr');
    expect(secret?.['data']).toMatchObject({ trace: Buffer.from('t').toString('base64') });
    expect(secret?.['data']).not.toHaveProperty('uuidcode');
  });

  it('uses its own error text', async () => {
    expect(await world.hub.start('x', { service: 'none' })).toMatchObject({ status: 500, body: { error: 'No luck' } });
  });
});
