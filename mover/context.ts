// What every verb works with.
import type { Places } from './places';
import type { Progress } from './progress';
import type { Request } from './request';
import type { Restic } from './restic/restic';

export interface Context {
  readonly request: Request;
  readonly places: Places;
  readonly restic: Restic;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}
