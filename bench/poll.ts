// A warm poll of a running service: what it costs the API server, and the time beside the same reads made raw.
import { setTimeout as sleep } from 'node:timers/promises';
import { anchorSelector, podSelector } from '../lib/services/names';
import type { Hub } from './instruments/hub';
import { interleave, timed } from './instruments/interleave';
import type { Measurement } from './instruments/measurement';
import { countRequests } from './instruments/requestCount';
import { compared } from './instruments/statistics';

const NAME = 'polled';
const PATIENCE_MS = 60_000;

export const poll: Measurement = {
  name: 'poll',
  summary: 'API requests of a warm poll of a running service, and its time against the same requests sent raw',
  measure: async (bed) => {
    const [hub, raw] = [bed.hub(), bed.raw()];
    await hub.start(NAME, 'running');
    await untilRunning(hub, NAME);
    const recorded = bed.hub({ isRecorded: true });
    await recorded.poll(NAME);
    const { figure, note } = await countRequests(bed, async () => recorded.poll(NAME));
    const sought = { credential: 'hub', servername: NAME };
    const root = `/api/v1/namespaces/${bed.api.namespace}`;
    const readAll = async (): Promise<void> => {
      await raw.expect('GET', `${root}/configmaps?labelSelector=${encodeURIComponent(anchorSelector(sought))}`);
      await raw.expect(
        'GET',
        `${root}/pods?labelSelector=${encodeURIComponent(podSelector(sought))}&resourceVersion=0`,
      );
    };
    const { ours, floor } = await interleave(
      { ours: async () => timed(async () => hub.poll(NAME)), floor: async () => timed(readAll) },
      { warmUp: 40, turns: 40, seconds: 10, pauseMs: 0 },
    );
    await hub.stop(NAME);
    return [
      { name: 'poll-requests', ours: figure, limit: { of: 'ours', atMost: 2 }, note },
      {
        name: 'poll',
        ...compared(ours, floor, 'ms'),
        limit: { of: 'ratio', atMost: 2 },
        note: 'raw: what a poll without the cache asks, one after another; what is required is their number, this limit is our own',
      },
    ];
  },
};

export async function untilRunning(hub: Hub, name: string): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const { status } = (await hub.poll(name)) as {
      readonly status: { readonly phase: string; readonly message: string };
    };
    if (status.phase === 'running') return;
    if (performance.now() > giveUpAt) throw new Error(`the service to poll does not run: ${status.message}`);
    await sleep(200);
  }
}
