// What a mover leaves behind: one JSON object that Kubernetes keeps in the pod's status, and cuts at 4096 bytes. Pure.
import type { Reason } from './failure';

export interface ListedSnapshot {
  readonly id: string;
  readonly time: string;
  readonly files?: number;
  readonly bytes?: number;
  readonly hold?: true;
}

export interface Done {
  readonly snapshot?: string;
  /** The snapshot that a backup was compared with. */
  readonly parent?: string;
  readonly files: number;
  readonly bytes: number;
  /** Bytes that the repository grew by, before compression; of forget, snapshots that are gone. */
  readonly added: number;
  readonly changedWhileRead?: number;
  /** SHA-256 of the snapshot's root tree: stands for every name, attribute and content in it. */
  readonly treeDigest?: string;
  /** The latest change of content or attributes that the source shows. */
  readonly newestChange?: string;
  /** Newest first; the oldest are left out where they do not fit. */
  readonly snapshots?: readonly ListedSnapshot[];
  /** How many there are. */
  readonly total?: number;
  readonly message?: string;
}

export type Result =
  | (Done & { readonly outcome: 'done'; readonly seconds: number })
  | {
      readonly outcome: 'failed';
      readonly reason: Reason;
      readonly message: string;
      readonly files: number;
      readonly bytes: number;
      readonly added: number;
      readonly seconds: number;
    };

export const NOTHING = { files: 0, bytes: 0, added: 0 } as const;

const MAX_BYTES = 4096;
/** Six bytes each at worst, as JSON writes control characters. */
const MAX_MESSAGE = 600;

/** At most 4096 bytes of JSON. */
export function resultText(result: Result): string {
  const { message } = result;
  let fitting: Result = message === undefined ? result : { ...result, message: message.slice(0, MAX_MESSAGE) };
  for (;;) {
    const text = JSON.stringify(fitting);
    if (Buffer.byteLength(text) <= MAX_BYTES) return text;
    if (fitting.outcome === 'failed' || fitting.snapshots === undefined) throw new Error('a result is too long');
    fitting = { ...fitting, snapshots: fitting.snapshots.slice(0, -1) };
  }
}
