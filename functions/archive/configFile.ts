// Section `archive` of the operator's config.json: where archives are kept, whose claims are archived, and for how long. Pure.
import * as z from 'zod';

const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'is not a name of Kubernetes');
const count = z.int().min(0);
const days = z.number().min(0);

const onClaim = z.strictObject({ claim: name });
const onS3 = z.strictObject({
  /** `https://host/bucket`; each user's repository is a folder in it. */
  s3: z.url({ protocol: /^https?$/ }),
  /** Secret with `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. */
  secret: name,
});

const keep = z.strictObject({
  last: count.default(2),
  daily: count.default(7),
  weekly: count.default(4),
  monthly: count.default(12),
  yearly: count.default(3),
});

const resources = z.strictObject({
  cpu: z.string().default('100m'),
  memory: z.string().default('256Mi'),
  memoryLimit: z.string().default('2Gi'),
});

const policy = {
  /** A claim that no pod has used for so long is archived; absent: only when somebody asks. */
  idle_days: days.optional(),
  keep: keep.prefault({}),
  /** Read whole after each backup. */
  verify: z.boolean().default(true),
  /** The newest archive of each claim is restored and compared so often, however often it is archived; 0: never. */
  drill_days: days.default(90),
  /** The password of each repository is changed so often; 0: only when somebody asks. */
  rotate_days: days.default(0),
  /** What failed is tried again then. */
  retry_hours: z.number().min(0).default(6),
  /** What says that it failed is removed then. */
  failed_days: days.default(30),
};

export const archiveKey = z.strictObject({
  repository: z.union([onClaim, onS3]).default({ claim: 'archive-repository' }),
  /** Made with the first key when it is not there. */
  escrow_secret: name.default('archive-escrow'),
  /** Annotations of a claim that name its user; the first that is there counts. */
  user_annotations: z.array(z.string()).default(['hub.jupyter.org/username']),
  /** The same from a claim's name, where it has none of these. */
  claim_names: z.array(z.string().regex(/^[^<]*<user>[^<]*$/, 'has not one <user>')).default(['claim-<user>']),
  /** Shell globs: claims that may be archived. */
  claims: z.array(z.string()).default(['*']),
  /** Whose users may look after their own archives: a credential of section `hubs`; absent: nobody's. */
  hub: z.string().optional(),
  /** Claims that a user may have restored for himself and kept; each is as large as what was archived. */
  restores_per_user: count.default(3),
  ...policy,
  /** Movers that sweeps have running at once. */
  at_once: z.int().min(1).default(4),
  /** How long the volume of a released claim stays. */
  grace_days: days.default(14),
  /** Two sweeps that are further apart may have missed somebody who used a claim. */
  watch_gap_seconds: z.number().min(60).default(900),
  mover: z
    .strictObject({
      resources: resources.prefault({}),
      deadline_seconds: z
        .int()
        .min(60)
        .default(6 * 3600),
      /** How long a mover may wait for a node, its image and its volumes. */
      wait_seconds: z.int().min(10).default(3600),
      pull_secrets: z.array(name).default([]),
      node_selector: z.record(z.string(), z.string()).default({}),
      /** How long an S3 server may be away in the middle of something. */
      away_seconds: z.int().min(1).default(300),
      /** A download that nobody reads ends then. */
      idle_seconds: z.int().min(5).default(60),
    })
    .prefault({}),
});

export type ArchiveConfig = z.infer<typeof archiveKey>;
export type KeepRules = ArchiveConfig['keep'];
