// Where a mover finds what it works on: fixed mounts of its pod, below another root in tests.
import { join } from 'node:path';
import * as z from 'zod';

export const environmentSchema = z.object({
  MOVER_REQUEST: z.string(),
  /** Above `source`, `target`, `keys`. */
  MOVER_ROOT: z.string().default('/'),
  /** Each of them by itself, where they do not lie side by side. */
  MOVER_SOURCE: z.string().optional(),
  MOVER_TARGET: z.string().optional(),
  MOVER_KEYS: z.string().optional(),
  MOVER_TERMINATION_LOG: z.string().default('/dev/termination-log'),
  /** How long a repository that somebody else holds is waited for. */
  MOVER_LOCK_WAIT_SECONDS: z.coerce.number().min(0).default(60),
  /** How long an S3 server may be away in the middle of something. */
  MOVER_AWAY_SECONDS: z.coerce.number().min(0).default(300),
  MOVER_IDLE_SECONDS: z.coerce.number().positive().default(60),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LISTEN_HOST: z.string().optional(),
  /** A folder, or `s3:http(s)://host/bucket/prefix`, where credentials have their own variables. */
  RESTIC_REPOSITORY: z
    .string()
    .regex(/^(\/|s3:https?:\/\/)/, 'is a folder or an address that begins with s3:http')
    .refine((place) => !/\/\/[^/]*@/.test(place), 'holds no credentials'),
  RESTIC_CACHE_DIR: z.string().default('/cache'),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_DEFAULT_REGION: z.string().optional(),
  PATH: z.string().optional(),
  TMPDIR: z.string().optional(),
});

export type Environment = z.infer<typeof environmentSchema>;

export interface Places {
  readonly source: string;
  readonly target: string;
  readonly password: string;
  readonly escrow: string;
  readonly next: string;
  readonly token: string;
}

type Variables = Pick<Environment, 'MOVER_ROOT' | 'MOVER_SOURCE' | 'MOVER_TARGET' | 'MOVER_KEYS'>;

export function placesOf({ MOVER_ROOT: root, MOVER_SOURCE, MOVER_TARGET, MOVER_KEYS }: Variables): Places {
  const keys = MOVER_KEYS ?? join(root, 'keys');
  const key = (name: string): string => join(keys, name);
  return {
    source: MOVER_SOURCE ?? join(root, 'source'),
    target: MOVER_TARGET ?? join(root, 'target'),
    password: key('password'),
    escrow: key('escrow'),
    next: key('next'),
    token: key('token'),
  };
}
