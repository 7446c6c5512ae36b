// A signed message: a JWT whose payload is what is asked for. The key decides about the algorithm, never the message. Pure.
// https://www.rfc-editor.org/rfc/rfc7519
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../lib/record';
import { readAsked, refused, type Asked } from './message';

const MAX_LIFE_SECONDS = 86_400;
/** Clocks differ. */
const LEEWAY_SECONDS = 60;
const MIN_SECRET_BYTES = 32;
const PEM = '-----BEGIN PUBLIC KEY-----';

const header = z.object({ alg: z.string(), crit: z.never().optional() });
const claims = z.looseObject({
  aud: z.string(),
  exp: z.number(),
  iat: z.number(),
  jti: z.string().min(1).max(100),
  sub: z.string().optional(),
});

export interface Proof {
  /** An Ed25519 public key in PEM, or a secret of at least 32 bytes for HMAC-SHA256. */
  readonly key: string;
  /** The name of the channel: what is signed for one says nothing in another. */
  readonly audience: string;
  /** When the message was seen first. */
  readonly at: Date;
}

/** What was signed, with the id and the user that the signature vouches for. Throws 400 for everything else. */
export function readSigned(text: string, proof: Proof): Asked {
  const [head = '', body = '', signature = ''] = text.split('.');
  const { alg } = parsedBy(header, head);
  if (!isSigned(`${head}.${body}`, { alg, signature, key: proof.key }))
    throw unproven('The signature is not that of the channel.');
  const { aud, exp, iat, jti, sub, nbf: _nbf, iss: _iss, ...rest } = parsedBy(claims, body);
  if (aud !== proof.audience) throw unproven('It is signed for somebody else.');
  const now = proof.at.getTime() / 1000;
  if (exp < now - LEEWAY_SECONDS) throw unproven('It has expired.');
  if (exp - iat > MAX_LIFE_SECONDS || iat > now + LEEWAY_SECONDS)
    throw unproven(`It is valid for more than ${MAX_LIFE_SECONDS} seconds.`);
  return readAsked({ ...rest, id: jti, ...(sub !== undefined && { user: sub }) });
}

function isSigned(text: string, { alg, signature, key }: { alg: string; signature: string; key: string }): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  if (key.trimStart().startsWith(PEM)) {
    return alg === 'EdDSA' && verify(null, Buffer.from(text), createPublicKey(key), bytes);
  }
  if (Buffer.byteLength(key) < MIN_SECRET_BYTES) throw new Error('the key of a channel has less than 32 bytes');
  const expected = createHmac('sha256', key).update(text).digest();
  return alg === 'HS256' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function parsedBy<T extends z.ZodType>(schema: T, part: string): z.infer<T> {
  const result = schema.safeParse(parseJson(Buffer.from(part, 'base64url').toString('utf8')));
  if (result.success) return result.data;
  throw unproven('It is not signed as it has to be.');
}

function unproven(why: string): Error {
  return refused('unproven', why);
}
