// What may be asked for, at the edge. Pure.
import * as z from 'zod';
import { describePath } from '../../lib/config/load';
import { AppError } from '../../lib/errors';

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;
const WORD = /^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$/;
const MAX_TAGS = 20;

const claim = z.string().regex(NAME, 'is not a name of Kubernetes');
const user = z.string().min(1).max(255);
const tags = z
  .record(
    z
      .string()
      .regex(WORD, 'is not a word of at most 63 characters')
      .refine((key) => key !== 'archive' && key !== 'hold', 'is a tag of ours'),
    z.string().regex(WORD, 'is not a word of at most 63 characters'),
  )
  .refine((all) => Object.keys(all).length <= MAX_TAGS, `are more than ${MAX_TAGS}`);

/** Absolute inside of the claim, as restic has it. */
const path = z
  .string()
  .max(4_096)
  .refine(isSafePath, 'is not a path like /folder/file without ".."')
  .transform((text) => (text.length > 1 ? text.replace(/\/+$/, '') : text));

export const backupBody = z.strictObject({
  claim,
  /** For those who know only one: it has to be that of the functions. */
  namespace: z.string().optional(),
  /** Never removed by the policy, nor by a request, until it is lifted. */
  hold: z.boolean().default(false),
  tags: tags.default({}),
  /** Fewer files than this are taken for a loss, and not archived. */
  minFiles: z.int().min(0).optional(),
});

export const restoreBody = z.strictObject({
  /** A new one; its name is made from the archived one's when nobody says. */
  claim: claim.max(200).optional(),
  path: path.optional(),
  size: z.string().regex(QUANTITY, 'is not a quantity like 10Gi').optional(),
  storageClass: claim.optional(),
});

export const holdBody = z.strictObject({ hold: z.boolean() });
export const releaseBody = z.strictObject({ claim });
export const rotateBody = z.strictObject({ user });
export const emptyBody = z.strictObject({});

export const downloadQuery = z.strictObject({ path: path.optional() });

export const listQuery = z.strictObject({
  claim: claim.optional(),
  user: user.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  continue: z.string().max(10_000).optional(),
});

export type BackupRequest = z.infer<typeof backupBody>;
export type RestoreRequest = z.infer<typeof restoreBody>;

export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(parsed.error.issues.map((issue) => `${describePath(issue.path)}: ${issue.message}`).join('; '));
}

export function invalidInput(detail: string): AppError {
  return new AppError('invalid_input', 422, detail);
}

function isSafePath(text: string): boolean {
  return text.startsWith('/') && !text.includes('\0') && !text.split('/').includes('..');
}
