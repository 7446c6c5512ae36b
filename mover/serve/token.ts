// Whether a request carries the token, in a time that does not tell how much of it was right. Pure.
import { createHash, timingSafeEqual } from 'node:crypto';

export function isAuthorized(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
