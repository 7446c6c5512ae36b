// Where captured logs go: into the record itself, the newest part of them up to a limit.
import { gzipSync } from 'node:zlib';

/** Where a log is kept, and how much of it. */
export interface Kept {
  readonly keptBytes: number;
  readonly key?: string;
  readonly file?: string;
}

/** Of one job; logs come one after the other, and are known by their number. */
export interface Keeper {
  readonly add: (log: number, segment: Buffer) => Promise<void>;
  /** Nothing more of this log comes. */
  readonly close: (log: number) => Promise<void>;
  readonly kept: (log: number) => Kept;
  /** For the record. */
  readonly binaryData: () => Readonly<Record<string, string>>;
  /** The capture has failed: nothing half done stays. */
  readonly discard: () => Promise<void>;
}

interface Member {
  readonly log: number;
  readonly bytes: number;
  readonly packed: Buffer;
}

/** Each segment is packed by itself, and one behind the other they are gzip again: so the oldest can be given up. */
export function recordKeeper(limitBytes: number): Keeper {
  const members: Member[] = [];
  let size = 0;
  const of = (log: number): readonly Member[] => members.filter((member) => member.log === log);
  return {
    add: async (log, segment) => {
      const packed = gzipSync(segment);
      members.push({ log, bytes: segment.length, packed });
      size += packed.length;
      while (size > limitBytes) size -= members.shift()?.packed.length ?? size;
    },
    close: async () => undefined,
    kept: (log) => {
      const kept = of(log);
      const keptBytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
      return { keptBytes, ...(kept.length > 0 && { key: keyOf(log) }) };
    },
    binaryData: () => {
      const logs = [...new Set(members.map(({ log }) => log))];
      return Object.fromEntries(logs.map((log) => [keyOf(log), joined(of(log)).toString('base64')]));
    },
    discard: async () => void members.splice(0),
  };
}

function joined(members: readonly Member[]): Buffer {
  return Buffer.concat(members.map(({ packed }) => packed));
}

function keyOf(log: number): string {
  return `log-${log}.gz`;
}
