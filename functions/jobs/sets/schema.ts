// POST /jobs with stages: what may be asked for of each of them, and which claims they share.
import * as z from 'zod';
import { isRecord } from '../../../lib/record';
import { invalidInput, parseInput } from '../input';
import { claim, dnsName, hasOneCommand, jobBody, path, quantity, TWO_COMMANDS } from '../schema';

/** With an id of 36 characters and a hyphen, the name of a job. */
const PART = /^[a-z0-9]([-a-z0-9]{0,14}[a-z0-9])?$/;
/** As long as a UUID, which a set has otherwise. */
const SET_NAME = /^[a-z0-9]([-a-z0-9]{0,34}[a-z0-9])?$/;
const MOST_STAGES = 20;
const MOST_CLAIMS = 10;

const partName = z.string().regex(PART, 'is not a DNS label of at most 16 characters');

const stage = jobBody.omit({ name: true, dryRun: true, deadlineSeconds: true }).extend({
  name: partName,
  /** Runs whatever failed before. */
  always: z.boolean().default(false),
  /** No network, no service account, and of claims only those of the set. */
  untrusted: z.boolean().default(false),
  /** Of each attempt, from the moment its pod is on a node. */
  timeoutSeconds: jobBody.shape.deadlineSeconds,
  /** A stage is a verdict: it is given once unless somebody wants it otherwise. */
  retries: jobBody.shape.retries.default(0),
  /** `set`: one that is made for the set. */
  claims: z
    .array(z.union([claim, z.strictObject({ set: partName, mountPath: path, readOnly: z.boolean().default(false) })]))
    .max(20)
    .default([]),
});

const sharedClaim = z.strictObject({
  name: partName,
  size: quantity,
  storageClass: dnsName.optional(),
  accessMode: z.enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod']).default('ReadWriteOnce'),
});

export const setBody = z
  .strictObject({
    /** Becomes the set's id, as that of a job. */
    name: z.string().regex(SET_NAME, 'is not a DNS label of at most 36 characters').optional(),
    stages: z.array(stage).min(1).max(MOST_STAGES),
    /** Made for the set, and gone with it. */
    claims: z.array(sharedClaim).max(MOST_CLAIMS).default([]),
    /** Of stages that name none. */
    profile: jobBody.shape.profile,
    /** Of the set and of all that belongs to it. */
    labels: jobBody.shape.labels,
    dryRun: jobBody.shape.dryRun,
  })
  .superRefine(({ stages, claims }, context) => {
    const say = (at: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path: at, message });
    repeated(stages).forEach((index) => say(['stages', index, 'name'], 'is the name of another stage'));
    repeated(claims).forEach((index) => say(['claims', index, 'name'], 'is the name of another claim'));
    const known = new Set(claims.map(({ name }) => name));
    stages.forEach((each, index) => {
      for (const problem of problemsOf(each, known)) say(['stages', index], problem);
    });
  });

export type SetRequest = z.infer<typeof setBody>;
export type StageRequest = SetRequest['stages'][number];
export type SharedClaimRequest = SetRequest['claims'][number];

export function isSetBody(body: unknown): boolean {
  return isRecord(body) && 'stages' in body;
}

export function parseSet(body: unknown): SetRequest {
  const { stages } = isRecord(body) ? body : {};
  // Thousands of them need not be looked at one by one.
  if (Array.isArray(stages) && stages.length > MOST_STAGES) {
    throw invalidInput(`stages: are ${stages.length}, and at most ${MOST_STAGES} are possible`);
  }
  return parseInput(setBody, body);
}

function problemsOf(request: z.infer<typeof stage>, known: ReadonlySet<string>): readonly string[] {
  const missing = request.claims.flatMap((each) => ('set' in each && !known.has(each.set) ? [each.set] : []));
  return [
    ...(hasOneCommand(request) ? [] : [TWO_COMMANDS]),
    ...doubled(pathsOf(request)).map((twice) => `${twice} is mounted twice`),
    ...missing.map((name) => `the set has no claim ${name}`),
    ...(request.untrusted && typeof request.serviceAccount === 'string' ? ['untrusted: has no service account'] : []),
  ];
}

function pathsOf({ claims, files }: z.infer<typeof stage>): readonly string[] {
  return [...claims.map(({ mountPath }) => mountPath), ...Object.keys(files)];
}

function doubled(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => words.indexOf(word) < index);
}

function repeated(all: readonly { readonly name: string }[]): readonly number[] {
  const names = all.map(({ name }) => name);
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}
