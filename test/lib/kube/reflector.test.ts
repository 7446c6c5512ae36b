// A mirror follows the API server through everything that can happen to a watch, and knows how old it may be.
import { createCluster } from '../../../dev/cluster/cluster';
import { createKube, type Kube } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { startReflector, type Pace, type Reflector } from '../../../lib/kube/reflector';
import { createLog } from '../../../lib/log';
import { eventually } from '../../support/eventually';
import { event, object, scriptedServer, type Script } from './scripted';

const PACE: Pace = { watchSeconds: 0.2, silenceMs: 100, relistAfterMs: 150, firstPauseMs: 1, longestPauseMs: 20 };
const selection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', labelSelector: 'set=mirrored' };

const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
const nameOf = ({ metadata }: KubeObject) => ({ uid: metadata?.uid ?? '', name: metadata?.name ?? '' });

const running: Reflector[] = [];

afterEach(() => {
  for (const reflector of running.splice(0)) reflector.stop();
});

function mirror(kube: Kube, pace: Partial<Pace> = {}) {
  const items = new Map<string, string>();
  const told: string[] = [];
  const lines: string[] = [];
  const reflector = startReflector({
    kube,
    selection,
    keep: nameOf,
    mirror: {
      replace: (present) => {
        items.clear();
        for (const { uid, name } of present) items.set(uid, name);
        told.push(`replace ${[...items.values()].join(' ')}`);
      },
      put: ({ uid, name }) => void items.set(uid, name),
      remove: (uid) => void items.delete(uid),
    },
    log: createLog({ level: 'debug', name: 'x', write: (line) => lines.push(line) }),
    pace: { ...PACE, ...pace },
  });
  running.push(reflector);
  const shows = async (...names: readonly string[]) =>
    eventually(async () => {
      expect([...items.values()].toSorted()).toEqual(names);
      return true;
    }, 5);
  return { reflector, shows, told, lines };
}

const scripted = (script: Script, pace?: Partial<Pace>) => {
  const server = scriptedServer(script);
  return { ...server, ...mirror(server.kube, pace) };
};

describe('with a cluster', () => {
  const cluster = createCluster({ controllers: false });
  const kube = createKube(cluster.transport);
  const call = { signal: AbortSignal.timeout(20_000) };
  const create = async (name: string) =>
    kube.create({ ...ref(name), metadata: { name, namespace: 'default', labels: { set: 'mirrored' } } }, call);

  afterAll(async () => cluster.stop());

  it('shows what is there, what comes and what goes, over many watches', async () => {
    await create('a');
    const { shows, reflector, told } = mirror(kube);
    await shows('a');
    for (const name of ['b', 'c', 'd']) {
      await create(name);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await shows('a', 'b', 'c', 'd');
    await kube.deleteAll(selection, call);
    await shows();
    expect(told).toEqual(['replace a']);
    expect(reflector.ageMs()).toBeLessThan(400);
  });

  it('lists again when the versions it knows are compacted away', async () => {
    const { shows, told } = mirror(kube);
    await shows();
    cluster.faults.inject({ match: { verb: 'watch' }, times: 3, effect: { reset: true } });
    await create('x');
    cluster.compact();
    await shows('x');
    expect(told.length).toBeGreaterThanOrEqual(2);
  });
});

it('goes on from a bookmark without another list', async () => {
  const bookmark = { type: 'BOOKMARK', object: object('', '9') };
  const script = { lists: [[['a'], '5'] as const], watches: [[bookmark], [event('ADDED', 'b', '10'), 'silence']] };
  const { asked, shows } = scripted(script);
  await shows('a', 'b');
  expect(asked).toEqual(['list', 'watch 5', 'watch 9']);
});

it.each<[string, Script['watches'][number]]>([
  ['an ERROR event', [{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]],
  ['a refusal', 410],
])('lists again after 410 in %s', async (_how, watch) => {
  const { asked, shows } = scripted({
    lists: [
      [['a'], '5'],
      [['b'], '8'],
    ],
    watches: [watch],
  });
  await shows('b');
  await eventually(async () => asked[3], 5);
  expect(asked).toEqual(['list', 'watch 5', 'list', 'watch 8']);
});

it('takes a line that was cut off for none, and misses nothing', async () => {
  const whole = JSON.stringify(event('ADDED', 'c', '7'));
  const first = [event('ADDED', 'b', '6'), whole.slice(0, 20)];
  const { asked, shows } = scripted({ lists: [[['a'], '5']], watches: [first, [`${whole}\n`, 'silence']] });
  await shows('a', 'b', 'c');
  expect(asked).toEqual(['list', 'watch 5', 'watch 6']);
});

it('puts together what arrives in pieces, characters too', async () => {
  const line = Buffer.from(`${JSON.stringify(event('ADDED', 'ü', '6'))}\n`);
  const kube = createKube(async ({ path }) => {
    const body = path.includes('watch=') ? singleBytes(line) : singleBytes(Buffer.from('{"metadata":{},"items":[]}'));
    return Promise.resolve({ status: 200, headers: {}, body });
  });
  const { shows, told } = mirror(kube);
  await shows('ü');
  expect(told[0]).toBe('replace ');
});

it('finds a silent watch out, and lists because nobody knows what it kept to itself', async () => {
  const { asked, shows } = scripted({
    lists: [
      [['a'], '5'],
      [['b'], '8'],
    ],
    watches: [['silence']],
  });
  await shows('a');
  await shows('b');
  expect(asked.slice(0, 3)).toEqual(['list', 'watch 5', 'list']);
});

it('grows old while it cannot reach the cluster, and is young again afterwards', async () => {
  const lists = [[['a'], '5'] as const, ...Array.from({ length: 20 }, () => 403), [['b'], '8'] as const];
  const { shows, reflector, lines } = scripted({ lists, watches: [500, 500, ['silence']] }, { relistAfterMs: 0 });
  await shows('a');
  await eventually(async () => (reflector.ageMs() > 150 ? true : undefined), 5);
  await shows('b');
  expect(reflector.ageMs()).toBeLessThan(150);
  expect(lines.filter((line) => line.includes('a watch failed'))).toHaveLength(1);
});

it('asks seldom while it fails', async () => {
  const { asked } = scripted({ lists: [], watches: [] }, { firstPauseMs: 50, longestPauseMs: 10_000 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  // Each list is tried four times by the client itself.
  expect(asked.length).toBeLessThan(12);
});

it('asks nothing any more once it is stopped', async () => {
  const { asked, reflector, shows } = scripted({ lists: [[['a'], '5']], watches: [['silence']] });
  await shows('a');
  reflector.stop();
  const before = asked.length;
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(asked.length).toBe(before);
});

async function* singleBytes(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte);
}
