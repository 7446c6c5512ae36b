// Section `userjobs` of the operator's config.json: which hosts there are, and what of them may be reached. Pure.
import * as z from 'zod';
import { isGlob } from '../../lib/glob';
import { isHostName } from './hostName';
import { FIELD_NAMES } from './slurm/fields';
import { FIELD_VALUES } from './slurm/fieldValues';

const glob = z.string().min(1).refine(isGlob, 'is not a shell glob');
const port = z.int().min(1).max(65_535);
const address = z.string().refine(isHostName, 'is neither a DNS name nor an IP address');

/** `8888` or `20000-29999`. */
const portRange = z.union([port, z.string().regex(/^\d{1,5}-\d{1,5}$/, 'is not a range like 20000-29999')]);

const slurm = z.strictObject({
  /** Fields that a request may carry, each with shell globs of its values. */
  fields: z.partialRecord(z.enum(FIELD_NAMES), z.array(glob)).default({}),
  /** For fields that a request leaves out. */
  defaults: z.strictObject(FIELD_VALUES).prefault({}),
  /** Where sbatch, squeue and scancel are; absent: where the host's own PATH has them. */
  bin: z
    .string()
    .regex(/^\/[A-Za-z0-9/._-]*$/, 'is not a plain absolute path')
    .optional(),
  /** Whose jobs a request may attach to: shell globs of users of Slurm. Absent: those of the host's own login. */
  attach_users: z.array(glob).optional(),
  /** How often the state of a job is asked for. */
  poll_seconds: z.number().min(0.2).default(5),
});

const host = z.strictObject({
  address,
  port: port.default(22),
  user: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, 'is not the name of a user'),
  /** Name of the private key in the Secret. */
  key: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'is not the name of a key in a Secret')
    .default('id_ed25519'),
  /** Who may use it: shell globs of credentials. */
  credentials: z.array(glob).default(['*']),
  /** What may be reached there; nothing that is not named. */
  nodes: z.array(glob).default([]),
  ports: z.array(portRange).default([]),
  /** Absent: no jobs. */
  slurm: slurm.optional(),
});

export const userjobsKey = z.strictObject({
  /** By the alias that requests call `hostname`. */
  hosts: z.record(z.string().min(1), host).default({}),
  /** Longer than any submission may take: what is not made by then, a sweep takes back. */
  create_deadline_seconds: z.number().min(60).default(300),
});

export type UserJobsConfig = z.infer<typeof userjobsKey>;
export type Host = z.infer<typeof host>;
export type SlurmSettings = z.infer<typeof slurm>;
