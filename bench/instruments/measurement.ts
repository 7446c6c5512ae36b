// What a measurement is and what it finds: figures of two sides, their ratio, and a limit that holds or is missed.
import type { Bed } from './bed';
import type { Figure, Ratio } from './statistics';

export interface Measurement {
  readonly name: string;
  /** One line for `--list`. */
  readonly summary: string;
  /** Says nothing more on a real cluster, so it is left out there unless it is named. */
  readonly isLocal?: boolean;
  /** On the cluster of KUBECONFIG, whatever else is measured; takes minutes, so it is left out unless it is named. */
  readonly needsKnative?: boolean;
  /** A real sshd on this machine, which pods of the cluster of KUBECONFIG reach, and the image of userjobs there; left out unless it is named. */
  readonly needsSsh?: boolean;
  /** Debian's restic, and minutes of both cores; left out unless it is named. */
  readonly needsRestic?: boolean;
  readonly measure: (bed: Bed) => Promise<readonly Finding[]>;
}

export interface Finding {
  readonly name: string;
  readonly ours: Figure;
  /** The floor that physics sets, or a peer that does the same. */
  readonly floor?: Figure;
  readonly ratio?: Ratio;
  readonly limit: Limit;
  /** What exactly each side did. */
  readonly note?: string;
}

export interface Limit {
  /** `difference` is ours minus the floor. */
  readonly of: 'ratio' | 'difference' | 'ours';
  readonly atMost: number;
}

/** The number that the limit speaks of. */
export function judged({ ours, floor, ratio, limit }: Finding): number {
  switch (limit.of) {
    case 'ours':
      return ours.median;
    case 'difference':
      return ours.median - (floor?.median ?? Number.NaN);
    case 'ratio':
      return ratio?.median ?? Number.NaN;
    default:
      return limit.of satisfies never;
  }
}

export function isWithinLimit(finding: Finding): boolean {
  return judged(finding) <= finding.limit.atMost;
}
