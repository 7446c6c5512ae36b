// What this function works with; made once in index.ts.
import type { Kube } from '../../lib/kube/kube';
import type { Log } from '../../lib/log';
import type { ArchiveConfig } from './configFile';
import type { Counters } from './counters';

export interface Settings {
  readonly namespace: string;
  readonly archive: ArchiveConfig;
  readonly mover: MoverImage;
  /** All that a sweep may take. */
  readonly sweepSeconds: number;
  readonly isKnownSource: (source: string) => boolean;
}

/** What movers run. */
export interface MoverImage {
  readonly image: string;
  /** The image's own when empty. */
  readonly command: readonly string[];
}

export interface Context {
  readonly kube: Kube;
  readonly settings: Settings;
  readonly clock: () => Date;
  readonly log: Log;
  readonly counters: Counters;
}
