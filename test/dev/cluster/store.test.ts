import { resourceType } from '../../../dev/cluster/resources';
import { createStore, type StoreEvent } from '../../../dev/cluster/store';

const MAP = resourceType('v1', 'ConfigMap');
const NAMESPACE = resourceType('v1', 'Namespace');
const POD = resourceType('v1', 'Pod');

const createTestStore = () => createStore(() => new Date('2026-01-01T00:00:00Z'));
const map = (name: string, extra: object = {}) => ({ metadata: { name, namespace: 'a' }, ...extra });
const ownedBy = (name: string, uid: string, controller = true) => ({
  metadata: {
    name,
    namespace: 'a',
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'o', uid, controller }],
  },
});

describe('the store', () => {
  it('hands out objects that nobody can change', () => {
    const given = map('x', { data: { key: 'value' } });
    const stored = createTestStore().create(MAP, given);
    given.metadata.name = 'other';
    expect(stored.metadata?.name).toBe('x');
    expect(() => Object.assign(stored.data as object, { key: 'changed' })).toThrow(TypeError);
  });

  it('tells every change in order, also those that listeners make', () => {
    const store = createTestStore();
    const told: string[] = [];
    store.watch(({ type, object }: StoreEvent) => {
      if (type === 'ADDED' && object.metadata?.name === 'first') store.create(MAP, map('second'));
    });
    store.watch(({ type, object }) =>
      told.push(`${type} ${object.metadata?.name} ${object.metadata?.resourceVersion}`),
    );
    store.create(MAP, map('first'));
    store.remove(MAP, 'a', 'first');
    expect(told).toEqual(['ADDED first 2', 'ADDED second 3', 'DELETED first 4']);
  });

  it('leaves out what JSON does not know, and takes no field for a prototype', () => {
    const data = JSON.parse('{"__proto__": {"a": "1"}, "b": "2"}') as object;
    const stored = createTestStore().create(MAP, map('x', { data, absent: undefined }));
    expect(JSON.stringify(stored.data)).toBe('{"__proto__":{"a":"1"},"b":"2"}');
    expect(stored).not.toHaveProperty('absent');
  });

  it('stays silent when an update changes nothing', () => {
    const store = createTestStore();
    const object = store.create(MAP, map('x', { data: { a: '1' } }));
    const listener = jest.fn();
    store.watch(listener);
    store.update(MAP, { ...object, data: { a: '1' } });
    expect(listener).not.toHaveBeenCalled();
  });

  it('lets no update touch identity or deletion', () => {
    const store = createTestStore();
    const object = store.create(MAP, map('x'));
    const metadata = { ...object.metadata, creationTimestamp: 'never', deletionTimestamp: 'now' };
    expect(store.update(MAP, { ...object, metadata }).metadata).toEqual(object.metadata);
  });

  it('finds what an object controls, by uid and in order of name, through every change', () => {
    const store = createTestStore();
    const controlled = (uid: string): unknown[] =>
      store.controlledBy(MAP, 'a', uid).map(({ metadata }) => metadata?.name);
    for (const name of ['z', 'b']) store.create(MAP, ownedBy(name, 'one'));
    store.create(MAP, ownedBy('only-owned', 'one', false));
    expect(controlled('one')).toEqual(['b', 'z']);
    store.update(MAP, ownedBy('b', 'two'));
    expect([controlled('one'), controlled('two')]).toEqual([['z'], ['b']]);
    store.remove(MAP, 'a', 'z');
    expect(controlled('one')).toEqual([]);
  });

  it('keeps a running pod until its grace is over, and a shorter grace counts', () => {
    const store = createTestStore();
    store.create(POD, { metadata: { name: 'p', namespace: 'a' }, spec: { nodeName: 'n' } });
    expect(store.remove(POD, 'a', 'p').metadata?.deletionGracePeriodSeconds).toBe(30);
    expect(store.remove(POD, 'a', 'p', { gracePeriodSeconds: 5 }).metadata?.deletionGracePeriodSeconds).toBe(5);
    store.remove(POD, 'a', 'p', { gracePeriodSeconds: 0 });
    expect(store.get(POD, 'a', 'p')).toBeUndefined();
  });

  it('holds a namespace until its own finalizers are gone', () => {
    const store = createTestStore();
    store.create(NAMESPACE, { metadata: { name: 'n' }, spec: { finalizers: ['kubernetes'] } });
    const marked = store.remove(NAMESPACE, '', 'n');
    expect(marked.status).toEqual({ phase: 'Terminating' });
    store.update(NAMESPACE, { ...marked, spec: { finalizers: [] } });
    expect(store.get(NAMESPACE, '', 'n')).toBeUndefined();
  });

  it.each([
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ] as const)('marks an object for %s deletion', (propagationPolicy, finalizers) => {
    const store = createTestStore();
    store.create(MAP, map('x'));
    expect(store.remove(MAP, 'a', 'x', { propagationPolicy }).metadata?.finalizers).toEqual(finalizers);
  });
});
