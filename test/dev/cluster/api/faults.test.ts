import type { FaultRule } from '../../../../dev/cluster/api/faults';
import { configMap, createApiClient, NS } from './apiClient';

const maps = `${NS}/configmaps`;
const CREATE = { verb: 'create', resource: 'configmaps' } as const;

describe('faults', () => {
  it('answer with a status and Retry-After, at the call and as often as they are told', async () => {
    const api = createApiClient();
    api.faults.inject({ match: CREATE, at: 2, times: 2, effect: { status: 503, retryAfterSeconds: 1 } });
    const replies = [];
    for (const name of ['a', 'b', 'c', 'd']) replies.push(await api.post(maps, configMap(name)));
    expect(replies.map(({ status }) => status)).toEqual([201, 503, 503, 201]);
    expect(replies[1]).toMatchObject({ headers: { 'retry-after': '1' }, body: { reason: 'ServiceUnavailable' } });
  });

  it.each<[FaultRule['effect'], number]>([
    [{ reset: true }, 404],
    [{ reset: true, after: true }, 200],
  ])('cut the connection: %j', async (effect, later) => {
    const api = createApiClient();
    api.faults.inject({ match: CREATE, times: 1, effect });
    await expect(api.post(maps, configMap('a'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await api.get(`${maps}/a`)).status).toBe(later);
  });

  it('crash the caller, and end with their rule', async () => {
    const api = createApiClient();
    const crash = jest.fn();
    const withdraw = api.faults.inject({ match: { name: /^x/ }, effect: { crash } });
    await expect(api.get(`${maps}/x1`)).rejects.toThrow('socket hang up');
    expect(crash).toHaveBeenCalledTimes(1);
    withdraw();
    expect((await api.get(`${maps}/x1`)).status).toBe(404);
  });

  it('delay, but not beyond the patience of the client', async () => {
    const api = createApiClient();
    api.faults.inject({ match: {}, effect: { delayMs: 60_000 } });
    await expect(api.request('GET', maps, { signal: AbortSignal.timeout(5) })).rejects.toThrow('aborted');
  });

  it('leave a log of every request', async () => {
    const api = createApiClient();
    await api.post(maps, configMap('a'));
    await api.get(`${maps}/a`);
    await api.get('/version');
    expect(api.faults.requests().map(({ verb, resource, name }) => [verb, resource, name])).toEqual([
      ['create', 'configmaps', ''],
      ['get', 'configmaps', 'a'],
      ['get', '/version', ''],
    ]);
  });
});
