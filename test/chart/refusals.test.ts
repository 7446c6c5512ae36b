// Values that mean nothing are refused before anything is installed, and the message says where they are.
import { CHART, helm, HELMS, KUBERNETES, render } from '../support/chart/helm';

type Row = readonly [what: string, values: object, path: string, why: string];

const REFUSED: readonly Row[] = [
  ['an unknown value', { plattform: 'knative' }, "''", "'plattform' not allowed"],
  ['an unknown platform', { platform: 'nomad' }, "'/platform'", 'must be one of'],
  ['an unknown function', { functions: { spawner: {} } }, "'/functions'", "'spawner' not allowed"],
  [
    'an unknown value of a function',
    { functions: { jobs: { replicas: 2 } } },
    "'/functions/jobs'",
    "'replicas' not allowed",
  ],
  [
    'a number that is a word',
    { functions: { jobs: { minInstances: 'two' } } },
    "'/functions/jobs/minInstances'",
    'want integer',
  ],
  ['no instance at most', { functions: { jobs: { maxInstances: 0 } } }, "'/functions/jobs/maxInstances'", 'got 0'],
  ['a variable that is no text', { env: { DRAIN_SECONDS: 5 } }, "'/env/DRAIN_SECONDS'", 'want string'],
  [
    'a schedule that is none',
    { functions: { reaper: { schedule: 'hourly' } } },
    "'/functions/reaper/schedule'",
    'pattern',
  ],
  [
    'a schedule with seconds',
    { functions: { reaper: { schedule: '0 */5 * * * *' } } },
    "'/functions/reaper/schedule'",
    'pattern',
  ],
  ['an amount that is none', { resources: { limits: { memory: 'much' } } }, "'/resources/limits/memory'", 'pattern'],
  [
    'a description outside of its folder',
    { descriptions: { '../../etc/passwd': 'x' } },
    "'/descriptions'",
    'not allowed',
  ],
  [
    'a description whose path would be another one',
    { descriptions: { 'a__b/service.yaml': 'x' } },
    "'/descriptions'",
    'not allowed',
  ],
  ['an ingress without a host', { platform: 'deployment', ingress: { enabled: true } }, "'/ingress/host'", 'minLength'],
  [
    'a claim that is no name',
    { archive: { repository: { existingClaim: 'My Claim' } } },
    "'/archive/repository/existingClaim'",
    'pattern',
  ],
  [
    'a wish that is no yes or no',
    { uninstall: { removeEverything: 'yes' } },
    "'/uninstall/removeEverything'",
    'boolean',
  ],
];

describe.each(HELMS)('%s', (program) => {
  test.each(REFUSED)('refuses %s', async (_, values, path, why) => {
    const refusal = await render(values, { program }).then(
      () => 'it was taken',
      (error: unknown) => String(error),
    );
    expect(refusal).toContain(`at ${path}`);
    expect(refusal).toContain(why);
  });
});

const LIVE = ['--api-versions', 'apiregistration.k8s.io/v1'];
const KNATIVE = ['serving', 'eventing', 'sources'].flatMap((name) => ['--api-versions', `${name}.knative.dev/v1`]);

test('a cluster without Knative is refused for functions on Knative, and one with it is not', async () => {
  const template = ['template', 'hub-functions', CHART, ...KUBERNETES];
  await expect(helm([...template, ...LIVE])).rejects.toThrow('no Knative Serving and Eventing: install both');
  await expect(helm([...template, ...LIVE, ...KNATIVE.slice(0, 2)])).rejects.toThrow('no Knative');
  await expect(helm([...template, ...LIVE, ...KNATIVE])).resolves.toContain('serving.knative.dev/v1');
  await expect(helm([...template, ...LIVE, '--set', 'platform=deployment'])).resolves.toContain('kind: Deployment');
});

test('what Rancher hands down is taken', async () => {
  await expect(render({ global: { cattle: { clusterName: 'local' } } })).resolves.not.toEqual([]);
});
