// The jobs API, and what more it may be where it runs in this process.
import type { Api } from '../../api/api';

export interface JobsApi extends Api {
  /** Brings a job set on, where nobody else may do it. */
  readonly advance?: (id: string) => Promise<void>;
  /** What a job runs in when nobody says; the operator's choice when absent. */
  readonly defaultImage?: string | undefined;
}
