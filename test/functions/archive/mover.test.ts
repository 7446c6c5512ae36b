import { archiveKey } from '../../../functions/archive/configFile';
import { moverManifest } from '../../../functions/archive/operation/mover';
import type { Verb } from '../../../functions/archive/operation/operation';
import type { Subject } from '../../../functions/archive/archive';
import { archiveOf, operation, repositoryOf } from './subjects';

interface Mover {
  readonly metadata: { readonly name: string; readonly ownerReferences: readonly { readonly uid: string }[] };
  readonly spec: {
    readonly podFailurePolicy: { readonly rules: readonly { readonly action: string }[] };
    readonly template: { readonly spec: PodSpec };
  };
}

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly hostname: string;
  readonly affinity?: object;
  readonly securityContext: object;
  readonly containers: readonly [
    {
      readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
      readonly securityContext: {
        readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] };
      };
      readonly volumeMounts: readonly {
        readonly name: string;
        readonly mountPath: string;
        readonly readOnly?: boolean;
      }[];
    },
  ];
  readonly volumes: readonly {
    readonly name: string;
    readonly projected?: { readonly sources: readonly { readonly secret: { readonly name: string } }[] };
  }[];
}

const target = { claim: 'new', size: '1Gi', accessModes: ['ReadWriteOnce'], isScratch: false };

function moverOf(subject: Subject, verb: Verb, more: object = {}, config: object = {}): Mover {
  const { operation: asked = operation(verb) } = subject;
  return moverManifest({
    subject: { ...subject, object: { metadata: { name: subject.name, uid: subject.uid } } },
    operation: asked,
    namespace: 'hub',
    config: archiveKey.parse(config),
    image: { image: 'mover:1', command: [] },
    place: { anywhere: true },
    generation: 0,
    ...more,
  }) as unknown as Mover;
}

const podOf = ({ spec }: Mover): PodSpec => spec.template.spec;
const mountsOf = (mover: Mover): readonly string[] =>
  podOf(mover).containers[0].volumeMounts.map(({ mountPath, readOnly }) => `${mountPath}${readOnly ? ' ro' : ''}`);
const keysOf = (mover: Mover): readonly string[] =>
  podOf(mover).volumes.flatMap(({ projected }) => projected?.sources.map(({ secret }) => secret.name) ?? []);
const requestOf = (mover: Mover): unknown =>
  JSON.parse(podOf(mover).containers[0].env.find(({ name }) => name === 'MOVER_REQUEST')?.value ?? '');

test.each<[Verb, readonly string[] | undefined, readonly string[]]>([
  ['backup', ['DAC_READ_SEARCH'], ['/source ro']],
  ['restore', ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'], ['/target']],
  ['drill', ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'], ['/target']],
  ['verify', undefined, []],
  ['serve', undefined, []],
  ['delete', undefined, []],
])('%s may do no more than it needs, and sees nothing else', (verb, add, own) => {
  const asked = operation(verb, verb === 'restore' || verb === 'drill' ? { target } : {});
  const mover = moverOf(archiveOf({ snapshot: 'abc' }, asked), verb);
  const { capabilities } = podOf(mover).containers[0].securityContext;
  expect(capabilities).toEqual({ drop: ['ALL'], ...(add && { add }) });
  expect(podOf(mover)).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false } }],
  });
  expect(mountsOf(mover)).toEqual([
    '/keys ro',
    '/cache',
    expect.stringMatching(/^\/repository\/[0-9a-f]{12}$/),
    ...own,
  ]);
});

test("a user's movers share a name, and no other user's key", () => {
  const [ada, bob] = [moverOf(archiveOf({ user: 'ada' }), 'verify'), moverOf(archiveOf({ user: 'bob' }), 'verify')];
  expect(ada.metadata.name).toBe(moverOf(repositoryOf({ user: 'ada' }), 'rotate').metadata.name);
  expect(ada.metadata.name).not.toBe(bob.metadata.name);
  expect(podOf(ada).hostname).toBe(ada.metadata.name);
  expect(keysOf(ada).filter((name) => keysOf(bob).includes(name))).toEqual(['archive-escrow']);
  expect(ada.metadata.ownerReferences).toEqual([expect.objectContaining({ uid: 'uid' })]);
});

test('a rotation has the present key and the next, a download its token', () => {
  const rotation = keysOf(moverOf(repositoryOf({}), 'rotate', { generation: 2 }));
  expect(rotation).toEqual([expect.stringMatching(/-2$/), 'archive-escrow', expect.stringMatching(/-3$/)]);
  expect(keysOf(moverOf(archiveOf({}, operation('serve')), 'serve'))).toContain('archive-download-op');
});

test('a mover is told what it is for, and who is dead', () => {
  const mover = moverOf(
    archiveOf(
      { id: 'a', snapshot: 'abc', treeDigest: 'd', tags: { term: 'x' } },
      operation('restore', { target, path: '/sub' }),
    ),
    'restore',
  );
  expect(requestOf(mover)).toEqual({
    verb: 'restore',
    user: 'ada',
    claim: 'claim-ada',
    snapshot: 'abc',
    treeDigest: 'd',
    path: '/sub',
    tags: { term: 'x', archive: 'a' },
    deadHolders: [mover.metadata.name],
  });
});

test('what a mover says when its node sends it away is no end', () => {
  const { rules } = moverOf(archiveOf({}, operation('backup')), 'backup').spec.podFailurePolicy;
  expect(rules.map(({ action }) => action)).toEqual(['Ignore', 'FailJob']);
});

test('a claim in use is read on the node of who uses it', () => {
  const tolerations = [{ key: 'users', effect: 'NoSchedule' }];
  const place = { node: 'node7', tolerations };
  const pod = podOf(moverOf(archiveOf({}, operation('backup')), 'backup', { place }));
  expect(JSON.stringify(pod.affinity)).toContain('{"key":"metadata.name","operator":"In","values":["node7"]}');
  expect(pod).toMatchObject({ tolerations });
});

test('on S3 there is no volume of archives, and the credentials stay in their Secret', () => {
  const config = { repository: { s3: 'https://s3.example.org/bucket/', secret: 's3' } };
  const mover = moverOf(archiveOf({}, operation('verify')), 'verify', {}, config);
  const { env } = podOf(mover).containers[0];
  expect(mountsOf(mover)).toEqual(['/keys ro', '/cache']);
  expect(env).toContainEqual({
    name: 'RESTIC_REPOSITORY',
    value: expect.stringMatching(/^s3:https:\/\/s3\.example\.org\/bucket\/[0-9a-f]{12}$/) as string,
  });
  expect(env).toContainEqual({
    name: 'AWS_SECRET_ACCESS_KEY',
    valueFrom: { secretKeyRef: { name: 's3', key: 'AWS_SECRET_ACCESS_KEY' } },
  });
  expect(env).toContainEqual({ name: 'MOVER_AWAY_SECONDS', value: '300' });
});
