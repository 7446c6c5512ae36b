import { choose } from '../../../functions/jobs/chosen';
import { jobsKey } from '../../../functions/jobs/configFile';
import { parseJob } from '../../../functions/jobs/schema';

const config = jobsKey.parse({
  profiles: {
    small: {
      defaults: { image: 'small:1', resources: { memory: '100M', memoryLimit: '200M' } },
      limits: { cpu: '2', memory: '1Gi', gpu: 0, retries: 1 },
      images: ['small:*', 'registry.example/*'],
      claims: ['shared', 'home-<credential>-*'],
      serviceAccounts: ['reader'],
    },
  },
});
const chosenBy = (body: object) => choose(parseJob(body), config, 'hub-a');

test('what nobody says is as in the original', () => {
  expect(chosenBy({})).toMatchObject({
    image: 'python:3.9.13-slim',
    pullPolicy: 'Never',
    command: ['sh', '-c', 'echo launched; sleep 10; echo done'],
    resources: { cpu: '0.5', memory: '250M' },
    deadlineSeconds: 120,
    retries: 4,
    app: 'orchestrator',
  });
});

test('the profile is over the defaults, the request over both', () => {
  const { image, resources } = chosenBy({ profile: 'small', retries: 0, resources: { memory: '150M' } });
  expect([image, resources]).toEqual(['small:1', { memory: '150M', memoryLimit: '200M' }]);
});

test('words are run as they are', () => {
  expect(chosenBy({ args: ['echo', '$HOME; rm'] }).command).toEqual(['echo', '$HOME; rm']);
});

test.each([
  [{ resources: { cpu: '2500m' } }, /cpu 2500m is more than 2/],
  [{ resources: { memoryLimit: '2G' } }, /memory 2G is more than 1Gi/],
  [{ resources: { gpu: 1 } }, /gpu 1 is more than 0/],
  [{ image: 'other:1' }, /image other:1 is not allowed/],
  [{}, /retries 4 is more than 1/],
])('profile small does not allow %j', (wish, text) => {
  expect(() => chosenBy({ profile: 'small', ...wish })).toThrow(text);
});

test('a profile that belongs to other credentials is not there', () => {
  const ours = jobsKey.parse({ profiles: { ours: { credentials: ['course-*'] }, everybodys: {} } });
  expect(choose(parseJob({ profile: 'ours' }), ours, 'course-1').profile).toBe('ours');
  expect(() => choose(parseJob({ profile: 'ours' }), ours, 'hub-a')).toThrow(
    'profile: there is no ours. Known: everybodys.',
  );
});

const claimed = (name: string) => ({ profile: 'small', retries: 0, claims: [{ name, mountPath: '/data' }] });

test.each(['shared', 'home-hub-a-1'])('claim %s is for who asks', (name) => {
  expect(chosenBy(claimed(name)).profile).toBe('small');
});

test.each(['home-hub-b-1', 'home-hub-a', 'other'])('claim %s is of another owner', (name) => {
  expect(() => chosenBy(claimed(name))).toThrow(`claim ${name} is not allowed`);
});

test('a name that looks like a glob stands for itself', () => {
  const wish = parseJob(claimed('home-hub-b-1'));
  expect(() => choose(wish, config, '*')).toThrow('not allowed');
});

test('who wants no service account has none, whatever the profile has', () => {
  const accounted = jobsKey.parse({
    defaults: { serviceAccount: 'usual' },
    profiles: { own: { defaults: { serviceAccount: 'reader' } } },
  });
  const accountOf = (body: object) => choose(parseJob(body), accounted, 'hub-a').serviceAccount;

  expect([accountOf({}), accountOf({ profile: 'own' })]).toEqual(['usual', 'reader']);
  expect([accountOf({ serviceAccount: null }), accountOf({ profile: 'own', serviceAccount: null })]).toEqual([
    undefined,
    undefined,
  ]);
});

test.each(['name', 'component', 'release'])('label %s, by which Services select, cannot be asked for', (label) => {
  expect(() => chosenBy({ labels: { app: 'hub', [label]: 'hub' } })).toThrow(`label ${label} is not allowed.`);
});

test('which labels are reserved is the operator’s to say', () => {
  const selecting = jobsKey.parse({ reserved_labels: ['app'] });
  expect(() => choose(parseJob({ labels: { app: 'hub' } }), selecting, 'hub-a')).toThrow('label app is not allowed.');
  expect(choose(parseJob({ labels: { name: 'mine' } }), selecting, 'hub-a').profile).toBeUndefined();
});

test('without a profile no claim and no service account is anybody’s', () => {
  expect(() => chosenBy({ claims: [{ name: 'shared', mountPath: '/data' }] })).toThrow('claim shared');
  expect(() => chosenBy({ serviceAccount: 'reader' })).toThrow('service account reader');
});
