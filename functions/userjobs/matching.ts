// Which running service of a credential a user job belongs to, by its name alone. Pure.
import { serviceId } from '../../lib/services/names';

export interface Named {
  readonly servername: string;
  readonly startId: string;
}

/**
 * Its server name, its id (`<servername>-<start_id>`), or one of the two with something behind a `-`, so that one service may
 * have several user jobs: `lab1`, `lab1-dask`. The longest that fits decides.
 */
export function serviceFor<T extends Named>(name: string, running: readonly T[]): T | undefined {
  let best: { readonly service: T; readonly length: number } | undefined;
  for (const service of running) {
    for (const own of [service.servername, serviceId(service)]) {
      const fits = name === own || name.startsWith(`${own}-`);
      if (fits && own.length > (best?.length ?? 0)) best = { service, length: own.length };
    }
  }
  return best?.service;
}
