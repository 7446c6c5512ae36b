// Ends a server without cutting anybody off: what runs is finished, what is late is told to come back elsewhere.
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

export interface DrainConfig {
  /** How long new connections are still accepted: until gateways have heard that this pod ends. 0 by default. */
  readonly graceSeconds?: number | undefined;
  /** How long running requests may take from then on. */
  readonly drainSeconds: number;
}

export interface Drain {
  readonly isDraining: () => boolean;
  readonly track: (reply: ServerResponse) => void;
  /** Resolves with the number of requests that did not finish in time. */
  readonly start: (config: DrainConfig) => Promise<number>;
}

/** For requests that are already under way on open connections when nothing seems to run. */
const SETTLE_MS = 50;

export function createDrain(server: Server): Drain {
  let isDraining = false;
  let active = 0;
  let onIdle: (() => void) | undefined;

  const track = (reply: ServerResponse): void => {
    active += 1;
    reply.once('close', () => {
      active -= 1;
      if (active === 0) onIdle?.();
    });
  };

  const idle = (): Promise<void> => {
    return new Promise((resolve) => {
      onIdle = resolve;
      if (active === 0) resolve();
    });
  };

  const start = async ({ graceSeconds = 0, drainSeconds }: DrainConfig): Promise<number> => {
    isDraining = true;
    await sleep(graceSeconds * 1000);
    // Not http's own close: that cuts idle connections, on which a request may be on its way.
    NetServer.prototype.close.call(server);
    await sleep(SETTLE_MS);
    await Promise.race([idle(), sleep(drainSeconds * 1000)]);
    return active;
  };

  return { isDraining: () => isDraining, track, start };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
