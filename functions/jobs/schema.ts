// POST /jobs at the edge: what may be asked for, and how much of it.
import { isAbsolute, posix } from 'node:path';
import * as z from 'zod';
import { invalidInput, parseInput } from './input';

/** Linux starts no program with a longer word: https://man7.org/linux/man-pages/man2/execve.2.html. Longer commands are files. */
const MAX_WORD_BYTES = 128 * 1024 - 1;
const MAX_FILES_BYTES = 768 * 1024;
const DNS_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,252}$/;
const LABEL_KEY = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** The container's name adds ten characters, and is a DNS label, too. */
const JOB_NAME = /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/;
/** A name, perhaps of a registry, perhaps with tag and digest. */
const IMAGE = /^[A-Za-z0-9][-A-Za-z0-9._/:@]{0,511}$/;

export const dnsName = z.string().regex(DNS_NAME, 'is not a name of Kubernetes');
export const quantity = z.string().regex(QUANTITY, 'is not a quantity like 500m or 2Gi');
const word = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= MAX_WORD_BYTES, `is longer than ${MAX_WORD_BYTES} bytes`);
const variables = z.record(z.string().regex(ENVIRONMENT_NAME, 'is not a name of a variable'), word);
export const path = z.string().max(1_000).refine(isSafePath, 'is not an absolute path without ".."');

export const claim = z.strictObject({
  name: dnsName,
  mountPath: path,
  readOnly: z.boolean().default(false),
});

const toleration = z.strictObject({
  key: z.string().max(316).optional(),
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().max(63).optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
});

const files = z
  .record(path, z.string())
  .refine((all) => bytesOf(Object.values(all)) <= MAX_FILES_BYTES, `are larger than ${MAX_FILES_BYTES} bytes`);

export const jobBody = z.strictObject({
  /** Becomes the job's id: a repeat of the request is the same job, another request under it a conflict. */
  name: z.string().regex(JOB_NAME, 'is not a DNS label of at most 53 characters').optional(),
  /** Run by `sh -c`; without it the operator's sample command. */
  cmd: word.min(1).optional(),
  /** In place of `cmd`: the words themselves, which no shell reads. */
  args: z.array(word).min(1).max(1_000).optional(),
  profile: z.string().min(1).max(63).optional(),
  image: z.string().regex(IMAGE, 'is not the name of an image').optional(),
  env: variables.default({}),
  /** Values go to a Secret. */
  secretEnv: variables.default({}),
  workingDir: path.optional(),
  /** Text by absolute path. */
  files: files.default({}),
  resources: z
    .strictObject({
      cpu: quantity.optional(),
      memory: quantity.optional(),
      cpuLimit: quantity.optional(),
      memoryLimit: quantity.optional(),
      gpu: z.int().min(0).max(64).optional(),
    })
    .default({}),
  /** Of each attempt, from the moment its pod is on a node. */
  deadlineSeconds: z.int().min(1).max(31_536_000).optional(),
  /** How long it may wait for a node. */
  waitSeconds: z.int().min(1).max(31_536_000).optional(),
  retries: z.int().min(0).max(20).optional(),
  claims: z.array(claim).max(20).default([]),
  registrySecret: dnsName.optional(),
  /** `null`: none, whatever the profile has. */
  serviceAccount: dnsName.nullable().optional(),
  nodeSelector: z.record(z.string(), z.string().regex(LABEL_VALUE)).default({}),
  tolerations: z.array(toleration).max(20).default([]),
  /** Of the Job and of its pods. */
  labels: z.record(z.string().regex(LABEL_KEY), z.string().regex(LABEL_VALUE)).default({}),
  dryRun: z.boolean().default(false),
});

export type JobRequest = z.infer<typeof jobBody>;

export function parseJob(body: unknown): JobRequest {
  const request = parseInput(jobBody, body ?? {});
  if (hasOneCommand(request)) return request;
  throw invalidInput(TWO_COMMANDS);
}

export const TWO_COMMANDS = 'cmd: give either cmd or args';

export function hasOneCommand({ cmd, args }: Pick<JobRequest, 'cmd' | 'args'>): boolean {
  return cmd === undefined || args === undefined;
}

function isSafePath(text: string): boolean {
  return isAbsolute(text) && posix.normalize(text) === text && !text.includes('\0') && !text.includes(':');
}

function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
