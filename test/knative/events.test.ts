// What timers and brokers bring: sweeps that clean up, and letters that nobody could take.
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { eventually } from '../support/eventually';
import { install, type Installation } from '../support/knative/installation';
import { EVERY_FEW_SECONDS } from '../support/knative/overlay';
import { publish } from '../support/knative/publish';

const DEAD_LETTERS = `${LABELS.kind}=dead-letter`;
const POISON = { source: '/test', type: 'dev.knative.sources.ping' };

let installation: Installation;

beforeAll(async () => {
  installation = await install({ config: { reaper: { dry_run: false } }, schedule: EVERY_FEW_SECONDS });
  await addAnchor('interrupted');
});

afterAll(async () => {
  await installation?.close();
});

async function addAnchor(name: string): Promise<void> {
  const labels = {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.kind]: 'service',
    [LABELS.anchor]: name,
    [LABELS.phase]: 'active',
  };
  await installation.kube.create('configmaps', { metadata: { name, labels } });
}

it.each(['reaper', 'stages'])('an event that %s refuses becomes one record, and is told once', async (name) => {
  const poison = { ...POISON, id: `poison-${name}` };
  await publish(installation, { ...poison, sweep: name }, '{"token": "sesame", broken');

  const letters = await eventually(async () => {
    const all = await installation.kube.list('configmaps', DEAD_LETTERS);
    const found = all.filter(({ data }) => (data as { readonly id?: string }).id === poison.id);
    return found.length > 0 ? found : undefined;
  }, 90);

  expect(letters).toHaveLength(1);
  expect(letters[0]).toMatchObject({ data: { ...poison, status: '400', bytes: '26' } });
  expect(letters[0]?.['data']).toMatchObject({
    refusedBy: expect.stringContaining(`hub-functions-${name}`) as string,
  });
  expect(JSON.stringify(letters)).not.toContain('sesame');
});

it('the timer makes the reaper remove a start that was interrupted, and leaves the records of refusals', async () => {
  // A minute until it counts as interrupted, and then the next sweep.
  await eventually(async () => {
    if ((await installation.kube.get('configmaps', 'interrupted')) !== undefined) throw new Error('still there');
    return true;
  }, 120);

  expect(await installation.kube.list('configmaps', DEAD_LETTERS)).toHaveLength(2);
});
