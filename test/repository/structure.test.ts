// What belongs together is there together: folder, role, README and tests of each function, and no role holds a star.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const root = join(__dirname, '../..');
const functions = readdirSync(join(root, 'functions'));

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }[];
}

function manifests(file: string): readonly Manifest[] {
  const text = readFileSync(join(root, 'rbac', file), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

describe.each(functions)('function %s', (name) => {
  test.each([
    `functions/${name}/index.ts`,
    `functions/${name}/README.md`,
    `rbac/${name}.yaml`,
    `deploy/knative/${name}/service.yaml`,
    `test/functions/${name}`,
  ])('has %s', (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  });

  test('is put together in at most 30 lines', () => {
    const lines = readFileSync(join(root, `functions/${name}/index.ts`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.length).toBeLessThanOrEqual(30);
  });
});

test.each(functions)('function %s follows the log handlers, and may', (name) => {
  expect(readFileSync(join(root, `functions/${name}/index.ts`), 'utf8')).toContain('createLogging(');
  expect(manifests(`${name}.yaml`).flatMap(({ rules = [] }) => rules)).toContainEqual(
    expect.objectContaining({
      resources: ['configmaps'],
      resourceNames: ['hub-functions-log-handlers'],
      verbs: expect.arrayContaining(['list', 'watch']) as string[],
    }),
  );
});

const roles = readdirSync(join(root, 'rbac')).filter((file) => file !== 'kustomization.yaml');

test('deploy/knative installs each role', () => {
  const listed = parse(readFileSync(join(root, 'rbac/kustomization.yaml'), 'utf8')) as { resources: string[] };
  expect(listed.resources.toSorted()).toEqual(roles);
});

describe.each(roles)('rbac/%s', (file) => {
  test('belongs to a function', () => {
    expect(functions).toContain(file.replace('.yaml', ''));
  });

  test('is a service account, a role and their binding, in one namespace', () => {
    expect(manifests(file).map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Role', 'RoleBinding']);
  });

  test('grants nothing by a star', () => {
    const granted = manifests(file).flatMap(({ rules = [] }) =>
      rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]),
    );
    expect(granted.length).toBeGreaterThan(0);
    expect(granted).not.toContain('*');
  });
});

function resourcesOf(folder: string): readonly string[] {
  const text = readFileSync(join(root, 'deploy/openfaas', folder, 'kustomization.yaml'), 'utf8');
  return (parse(text) as { resources: string[] }).resources;
}

test.each(['community', 'accounts'])('deploy/openfaas/%s stands on the same base', (edition) => {
  expect(resourcesOf(edition)).toEqual(['../base']);
});

test('deploy/openfaas installs each role', () => {
  expect(resourcesOf('base')).toContain('../../../rbac');
});

test('archives have the same repository on both platforms', () => {
  const [knative, openfaas] = ['deploy/knative/archive', 'deploy/openfaas/base'].map((folder) =>
    readFileSync(join(root, folder, 'repository.yaml'), 'utf8'),
  );
  expect(openfaas).toBe(knative);
});
