// A seat: one of the places that a limit allows, an object whose name only one start can have (docs/adr/0010).
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS, LABELS, MANAGED_BY } from '../../../lib/labels';
import { shortHash } from '../../../lib/naming';
import type { Start } from '../../../lib/services/anchor';

/** So many services at once may share what `scope` names. */
export interface Limit {
  /** Kind of the limit and whom it counts together: `['flavor', 'small']`. */
  readonly scope: readonly [string, ...string[]];
  /** Infinity: all are counted, none is refused. */
  readonly max: number;
  /** What a start hears that finds no place: `All 5 places of flavor small are taken.` */
  readonly refusal: string;
}

export interface Seat {
  readonly name: string;
  readonly uid: string;
  /** Uid of the anchor that owns it. */
  readonly anchorUid: string;
  /** Milliseconds; Infinity when the service may run for ever. */
  readonly freeAt: number;
  readonly limit: string;
}

const KIND = 'seat';

export function limitHash({ scope }: Pick<Limit, 'scope'>): string {
  return shortHash(...scope);
}

/** All seats, or those of one limit. */
export function seatSelector(limit?: Pick<Limit, 'scope'>): string {
  const ours = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${KIND}`;
  return limit === undefined ? ours : `${ours},${LABELS.limit}=${limitHash(limit)}`;
}

export function seatName(limit: Limit, place: number | string): string {
  return `seat-${limitHash(limit)}-${place}`;
}

export function seatManifest(limit: Limit, name: string, { runUntil }: Start): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      labels: { [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: KIND, [LABELS.limit]: limitHash(limit) },
      annotations: runUntil === undefined ? {} : { [ANNOTATIONS.runUntil]: runUntil },
    },
    data: { limit: JSON.stringify(limit.scope) },
  };
}

export function toSeat({ metadata = {} }: KubeObject): Seat {
  const { name = '', uid = '', labels = {}, annotations = {} } = metadata;
  const runUntil = annotations[ANNOTATIONS.runUntil];
  return {
    name,
    uid,
    anchorUid: labels[LABELS.anchorUid] ?? '',
    freeAt: runUntil === undefined ? Infinity : Date.parse(runUntil),
    limit: labels[LABELS.limit] ?? '',
  };
}

/**
 * The places to try, in the order of this start: two attempts of one start come by the same places, and many starts
 * come by different ones. Without a limit everyone has a place of its own.
 */
export function placesFor({ max }: Pick<Limit, 'max'>, anchorUid: string): readonly (number | string)[] {
  if (max === Infinity) return [anchorUid];
  const first = Number.parseInt(shortHash(anchorUid), 16) % Math.max(max, 1);
  return Array.from({ length: max }, (_, step) => (first + step) % max);
}
