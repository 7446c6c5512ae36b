// Counts what one call to the function costs in requests to the API server.
import type { Bed } from './bed';
import type { Recorded } from './recorder';
import { toFigure, type Figure } from './statistics';

export interface RequestCount {
  readonly figure: Figure;
  readonly records: readonly Recorded[];
  readonly note: string;
}

export async function countRequests({ recorder }: Bed, work: () => Promise<unknown>): Promise<RequestCount> {
  const records = await recorder.during(work);
  const note = records.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`).join('; ');
  return { figure: toFigure([records.length], 'requests'), records, note };
}
