// What timers and brokers bring: sweeps that clean up, and letters that nobody could take.
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { eventually } from '../support/eventually';
import { install, type Installation } from '../support/knative/installation';
import { publish } from '../support/knative/publish';

const DEAD_LETTERS = `${LABELS.kind}=dead-letter`;
const POISON = { id: 'poison', source: '/test', type: 'dev.knative.sources.ping' };

let installation: Installation;

beforeAll(async () => {
  installation = await install({ config: { reaper: { dry_run: false } } });
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

it('an event that a function refuses becomes one record, and is told once', async () => {
  await publish(installation, { ...POISON, sweep: 'reaper' }, '{"token": "sesame", broken');

  const letters = await eventually(async () => {
    const found = await installation.kube.list('configmaps', DEAD_LETTERS);
    return found.length > 0 ? found : undefined;
  }, 90);

  expect(letters).toHaveLength(1);
  expect(letters[0]).toMatchObject({ data: { ...POISON, status: '400', bytes: '26' } });
  expect(letters[0]?.['data']).toMatchObject({ refusedBy: expect.stringContaining('hub-functions-reaper') as string });
  expect(JSON.stringify(letters)).not.toContain('sesame');
});

it('the timer makes the reaper remove a start that was interrupted, and leaves the record of a refusal', async () => {
  // A minute until it counts as interrupted, and then the next sweep.
  await eventually(async () => {
    if ((await installation.kube.get('configmaps', 'interrupted')) !== undefined) throw new Error('still there');
    return true;
  }, 120);

  expect(await installation.kube.list('configmaps', DEAD_LETTERS)).toHaveLength(1);
});
