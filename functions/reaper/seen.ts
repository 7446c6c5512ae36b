// Remembers which of very many names were seen, in constant memory: it may take a stranger for known, never the other way round.
import { randomBytes } from 'node:crypto';

export interface Seen {
  readonly add: (name: string) => void;
  readonly has: (name: string) => boolean;
}

/** 2 MiB: of 100,000 names less than one stranger in a hundred is taken for known, and by the next run's salt for none. */
const BITS = 2 ** 24;
const PRIME = 16_777_619;

export function createSeen(salt = randomBytes(4).readUInt32LE()): Seen {
  const bytes = new Uint8Array(BITS / 8);
  const placeOf = (name: string): number => hash(name, salt) % BITS;
  return {
    add: (name) => {
      const place = placeOf(name);
      bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (1 << (place & 7));
    },
    has: (name) => {
      const place = placeOf(name);
      return ((bytes[place >> 3] ?? 0) & (1 << (place & 7))) !== 0;
    },
  };
}

/** FNV-1a, with its bits mixed once more: only the lower ones are used. */
function hash(text: string, salt: number): number {
  let value = salt;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), PRIME);
  return (value ^ (value >>> 15)) >>> 0;
}
