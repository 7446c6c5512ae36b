// One credential as it is stored: a key of the Secret, its value this JSON. Nothing in it can be used to log in.
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { parsePasswordHash } from './passwordHash';

export const credentialsSecret = 'hub-functions-credentials';

/** What Kubernetes allows as a key of a Secret, shortened to what fits into a label. */
export const credentialName = z
  .string()
  .regex(
    /^(?!\.\.|\.$)[A-Za-z0-9._-]{1,63}$/,
    'a name is 1 to 63 of A-Z a-z 0-9 . _ - and starts with at most one dot',
  );

export const credentialSchema = z.object({
  password: z
    .string()
    .refine((text) => parsePasswordHash(text) !== undefined, 'not a scrypt$N$r$p$salt$hash')
    .optional(),
  tokens: z
    .array(z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), created: z.string(), label: z.string().optional() }))
    .default([]),
  groups: z.array(z.string()).default([]),
  active: z.boolean().default(true),
  superuser: z.boolean().optional(),
});

export type Credential = z.infer<typeof credentialSchema>;

/** `undefined` for anything that is not a credential. */
export function parseCredential(text: string): Credential | undefined {
  try {
    return credentialSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Tokens are long and random, so a plain hash is enough to keep them unreadable. */
export function digestToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
