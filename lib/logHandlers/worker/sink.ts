// What a handler writes to.
import type { Batch } from '../messages';

export interface Sink {
  /** Connects or opens; rejects with what an operator has to know. */
  readonly ready: () => Promise<void>;
  /** Rejects with the same; what was written of the batch before may be written again. */
  readonly write: (batch: Batch) => Promise<void>;
  readonly close: () => Promise<void>;
}
