// stack.yml: every function is in it, faas-cli understands it, the Community Edition takes it, and it says what deploy/knative says.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { parseStack, readStack, stackText, type StackFunction } from '../support/openfaas/stack';

const root = join(__dirname, '../..');
const names = readdirSync(join(root, 'functions'));
const stack = readStack();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

interface KnativeService {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly [{ readonly resources: object; readonly env?: readonly { name: string }[] }];
        readonly volumes?: readonly { readonly name: string }[];
      };
    };
  };
}

function knative(name: string): KnativeService['spec']['template'] {
  const text = readFileSync(join(root, 'deploy/knative', name, 'service.yaml'), 'utf8');
  return (parse(text) as KnativeService).spec.template;
}

function sweepOf(name: string): string | undefined {
  const file = join(root, 'deploy/knative', name, 'sweep.yaml');
  if (!existsSync(file)) return undefined;
  const documents = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Sweep);
  return documents.find(({ kind }) => kind === 'PingSource')?.spec.schedule;
}

interface Sweep {
  readonly kind: string;
  readonly spec: { readonly schedule?: string };
}

function entry(name: string): StackFunction {
  const found = stack.functions[name];
  if (found === undefined) throw new Error(`${name} is not in stack.yml`);
  return found;
}

test('it holds every function and nothing else', () => {
  expect(Object.keys(stack.functions)).toEqual(names);
});

test.each([
  ['a key that is unknown', (text: string) => text.replace('readonly_root_filesystem', 'read_only_root'), 'archive'],
  ['a number for a string', (text: string) => text.replace("'5'", '5'), 'DRAIN_GRACE_SECONDS'],
  ['a label that is none', (text: string) => text.replace("scale.max: '3'", "scale.max: 'a b'"), 'scale.max'],
  ['another provider', (text: string) => text.replace('name: openfaas', 'name: faas'), 'provider'],
])('the check finds %s', (_what, spoil, place) => {
  expect(() => parseStack(spoil(stackText()))).toThrow(place);
});

test('the check finds a dollar sign that faas-cli would stumble over', () => {
  expect(() => parseStack(`# costs $5\n${stackText()}`)).toThrow('a dollar sign');
});

describe('builds', () => {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

  test('find the template of lang: dockerfile without the network', () => {
    expect(existsSync(join(root, 'template/dockerfile/template.yml'))).toBe(true);
  });

  test('have all that is copied, and all that the Dockerfile copies by name', () => {
    const { copy } = stack.configuration;
    expect(copy.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const [, named = ''] = /^COPY (package\.json.*) \.\/$/m.exec(dockerfile) ?? [];
    expect(copy).toEqual(expect.arrayContaining(named.split(' ')));
    expect(copy).toContain('Dockerfile');
  });

  test('have the same context, so that the stage that builds runs once', () => {
    expect(new Set(Object.values(stack.functions).map(({ handler }) => handler)).size).toBe(1);
  });

  test.each(names)('of %s give the Dockerfile what it asks for', (name) => {
    const known = [...dockerfile.matchAll(/^ARG (\w+)/gm)].map(([, argument]) => argument);
    const given = entry(name).build_args ?? {};
    expect(given['FUNCTION']).toBe(name);
    expect(known).toEqual(expect.arrayContaining(Object.keys(given)));
  });
});

describe('the Community Edition', () => {
  test('takes no more than 15 functions', () => {
    expect(names.length).toBeLessThanOrEqual(15);
  });

  test.each(names)('takes the labels and annotations of %s', (name) => {
    const { labels = {}, annotations = {} } = entry(name);
    expect(labels['com.openfaas.scale.zero']).not.toBe('true');
    for (const refused of ['zero-duration', 'target', 'type']) {
      expect(labels).not.toHaveProperty([`com.openfaas.scale.${refused}`]);
    }
    expect(Number(labels['com.openfaas.scale.min'])).toBe(1);
    expect(Number(labels['com.openfaas.scale.max'])).toBeLessThanOrEqual(5);
    expect(annotations['topic'] ?? '').not.toContain(',');
    expect(Object.keys(annotations).filter((key) => /amazonaws\.com|gke\.io/.test(key))).toEqual([]);
  });

  test.each(names)('needs no credentials for the image of %s', (name) => {
    const pull = entry(name).secrets?.filter((secret) => !secret.startsWith('hub-functions-')) ?? [];
    expect(pull).toEqual([]);
  });
});

describe('variables', () => {
  const chosen = readStack({
    HUB_FUNCTIONS_PREFIX: 'docker.io/somebody/hub-functions',
    HUB_FUNCTIONS_TAG: '1.2.3',
    HUB_FUNCTIONS_NAMESPACE: 'hub',
    HUB_FUNCTIONS_SCALE_TO_ZERO: 'true',
  });

  test.each(names)('choose image, namespace and scale of %s', (name) => {
    expect(entry(name).image).toBe(`registry.example.org/hub-functions-${name}:${version}`);
    expect(chosen.functions[name]).toMatchObject({
      image: `docker.io/somebody/hub-functions-${name}:1.2.3`,
      environment: { DEPLOYMENT_NAMESPACE: 'hub' },
      labels: { 'com.openfaas.scale.zero': 'true' },
    });
  });

  test('choose the images of movers and tunnels, too', () => {
    expect(chosen.functions['archive']?.environment?.['MOVER_IMAGE']).toBe(
      'docker.io/somebody/hub-functions-mover:1.2.3',
    );
    expect(chosen.functions['userjobs']?.environment?.['TUNNEL_IMAGE']).toBe(chosen.functions['userjobs']?.image);
  });
});

describe.each(names)('function %s', (name) => {
  const { annotations = {}, labels = {}, environment = {}, secrets = [], ...own } = entry(name);

  test('is swept as often as on Knative, and by nothing else', () => {
    const schedule = sweepOf(name);
    expect([annotations['topic'], annotations['schedule']]).toEqual(
      schedule === undefined ? [undefined, undefined] : ['cron-function', schedule],
    );
  });

  test('has as many instances at most, and is given as much, as on Knative', () => {
    const { metadata, spec } = knative(name);
    expect(labels['com.openfaas.scale.max']).toBe(metadata.annotations['autoscaling.knative.dev/max-scale']);
    expect({ requests: own.requests, limits: own.limits }).toEqual(spec.containers[0].resources);
  });

  test('has a read-only root, the account of its role, and a readiness of its own', () => {
    expect(own.readonly_root_filesystem).toBe(true);
    expect(annotations['com.openfaas.serviceaccount']).toBe(`hub-functions-${name}`);
    expect(existsSync(join(root, 'rbac', `${name}.yaml`))).toBe(true);
    expect(annotations['com.openfaas.ready.http.path']).toBe('/_/ready');
  });

  test('gets as a Secret what Knative mounts', () => {
    const asSecret: Readonly<Record<string, string>> = { secrets: 'intake', submission: 'descriptions' };
    const mounted = (knative(name).spec.volumes ?? []).map(
      (volume) => `hub-functions-${asSecret[volume.name] ?? volume.name}`,
    );
    expect(secrets.toSorted()).toEqual(mounted.toSorted());
  });

  test('is told where each of its Secrets is', () => {
    const told = {
      config: 'CONFIG_PATH',
      credentials: 'CREDENTIALS_DIR',
      ssh: 'SSH_DIRECTORY',
      intake: 'INTAKE_SECRETS',
    };
    for (const [secret, variable] of Object.entries(told)) {
      if (!secrets.includes(`hub-functions-${secret}`)) continue;
      expect(environment[variable]).toMatch(/^\/var\/openfaas\/secrets/);
    }
  });

  test('has drained before Kubernetes ends it, and answers before the gateway gives up', () => {
    const drained = Number(environment['DRAIN_GRACE_SECONDS']) + Number(environment['DRAIN_SECONDS']);
    expect(Number(environment['DRAIN_GRACE_SECONDS'])).toBeGreaterThanOrEqual(3);
    // Kubernetes' own grace period, less what is left for the last records.
    expect(drained).toBeLessThanOrEqual(28);
    expect(environment).not.toHaveProperty('REQUEST_TIMEOUT_SECONDS');
    expect(environment).not.toHaveProperty('STREAM_SECONDS');
  });
});
