// What this function works with; made once in index.ts.
import type { Log } from '../../lib/log';
import type { Counters } from './counters';
import type { Rules } from './delivery';
import type { JobsApi } from './jobsApi';
import type { Secrets } from './secrets';
import type { IntakeSettings } from './settings';

export interface Context {
  readonly settings: IntakeSettings;
  readonly secrets: Secrets;
  readonly jobs: JobsApi;
  readonly rules: Rules;
  readonly clock: () => Date;
  readonly log: Log;
  readonly counters: Counters;
}
