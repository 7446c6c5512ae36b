// Passwords as `scrypt$N$r$p$salt$hash`: made, read and compared, always off the main thread.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordHash {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const saltBytes = 16;
const hashBytes = 32;
const parameters = { cost: 16_384, blockSize: 8, parallelization: 1 };

/** A crafted hash must not be able to ask for more memory or time than this. */
const largestWork = 8 * parameters.cost * parameters.blockSize;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, { ...parameters, salt, hash: Buffer.alloc(hashBytes) });
  const { cost, blockSize, parallelization } = parameters;
  return ['scrypt', cost, blockSize, parallelization, salt.toString('base64'), hash.toString('base64')].join('$');
}

export function parsePasswordHash(text: string): PasswordHash | undefined {
  const match = /^scrypt\$(\d{1,7})\$(\d{1,3})\$(\d{1,2})\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)$/.exec(text);
  if (!match) return undefined;
  const [, cost, blockSize, parallelization, salt = '', hash = ''] = match;
  const parsed = {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  return isUsable(parsed) ? parsed : undefined;
}

/** A hash that no password matches, and that takes as long to find out. */
export function createDecoyHash(): PasswordHash {
  return { ...parameters, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) };
}

export async function matchesPassword(password: string, expected: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, expected), expected.hash);
}

function isUsable({ cost, blockSize, parallelization, salt, hash }: PasswordHash): boolean {
  const isPowerOfTwo = cost > 1 && Number.isInteger(Math.log2(cost));
  const work = cost * blockSize * parallelization;
  return isPowerOfTwo && work > 0 && work <= largestWork && salt.length >= 8 && hash.length >= 16 && hash.length <= 64;
}

function derive(password: string, { salt, hash, ...options }: PasswordHash): Promise<Buffer> {
  const maxmem = 256 * options.cost * options.blockSize * options.parallelization;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, hash.length, { ...options, maxmem }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
