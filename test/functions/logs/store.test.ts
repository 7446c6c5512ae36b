// The list of changes beside the handlers, in a ConfigMap that may not grow for ever.
import { createCluster, type Cluster } from '../../../dev/cluster/cluster';
import { changeHandlers, changesOf, readDocument, type Change } from '../../../functions/logs/store';
import { createKube } from '../../../lib/kube/kube';

const SUBJECT_CHARACTERS = 20_000;

let cluster: Cluster;
const call = { signal: new AbortController().signal };

beforeEach(() => {
  cluster = createCluster({ controllers: false });
});
afterEach(async () => cluster.stop());

test('however large the changes are, the next one can be made, and the newest are told', async () => {
  const store = {
    kube: createKube(cluster.transport),
    settings: { namespace: 'default', reach: { files: [], receivers: [] }, mainContainer: 'main' },
  };
  const after = { subject: 'x'.repeat(SUBJECT_CHARACTERS) };
  const made = async (index: number): Promise<void> => {
    const change: Change = { time: '', user: `${index}`, action: 'PUT', handler: 'smtp', before: after, after };
    const handlers = { smtp: { configuration: after } };
    await changeHandlers(store, () => ({ changed: { handlers, before: after, after }, change }), call);
  };
  for (let index = 0; index < 40; index += 1) await made(index);

  const changes = changesOf(await readDocument(store, call));
  expect(changes.map(({ user }) => user)).toEqual(['39', '38', '37', '36', '35', '34']);
});
