// Section `jobs` of the operator's config.json: the defaults of the original, profiles, and who may do without a login.
import * as z from 'zod';

const seconds = z.int().min(1);

const resources = z.strictObject({
  cpu: z.string().optional(),
  memory: z.string().optional(),
  cpuLimit: z.string().optional(),
  memoryLimit: z.string().optional(),
  gpu: z.int().min(0).optional(),
});

/** What a request need not say. */
const defaults = {
  image: z.string(),
  cmd: z.string(),
  pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  resources,
  deadlineSeconds: seconds,
  waitSeconds: seconds,
  retries: z.int().min(0),
  registrySecret: z.string(),
  serviceAccount: z.string(),
  nodeSelector: z.record(z.string(), z.string()),
  /** Of the Job, as the original has it; not of its pods. */
  app: z.string(),
};

/** What no request of the profile may exceed; absent: no limit. */
const ceilings = z.strictObject({
  cpu: z.string().optional(),
  memory: z.string().optional(),
  gpu: z.int().min(0).optional(),
  deadlineSeconds: seconds.optional(),
  waitSeconds: seconds.optional(),
  retries: z.int().min(0).optional(),
});

/** Shell globs; none unless named here. `<credential>` is who asks: `home-<credential>-*`. */
const claims = z.array(z.string()).default([]);
const serviceAccounts = z.array(z.string()).default([]);

const profile = z.strictObject({
  defaults: z.strictObject(defaults).partial().prefault({}),
  limits: ceilings.prefault({}),
  /** Who may choose it; shell globs of credentials; absent: everybody. */
  credentials: z.array(z.string()).optional(),
  /** Shell globs; absent: any image. */
  images: z.array(z.string()).optional(),
  claims,
  serviceAccounts,
});

const sets = z.strictObject({
  /** The largest claim that is made for a set. */
  claimSize: z.string().default('10Gi'),
  /** Shell globs; absent: any. */
  storageClasses: z.array(z.string()).optional(),
  /** Claims of others that an untrusted stage may read, beside those of its profile; shell globs. None unless named here. */
  untrustedClaims: claims,
});

/** https://github.com/va1da5/orchestrate-k8s-resources/blob/f830a6d/jobs.py has the values of `defaults`. */
export const jobsKey = z.strictObject({
  /** Credential whose jobs are everybody's, whatever login a caller has; absent: everybody has to log in. */
  open_access: z.string().optional(),
  defaults: z
    .strictObject({
      image: defaults.image.default('python:3.9.13-slim'),
      cmd: defaults.cmd.default('echo launched; sleep 10; echo done'),
      pullPolicy: defaults.pullPolicy.default('Never'),
      resources: resources.default({ cpu: '0.5', memory: '250M' }),
      deadlineSeconds: defaults.deadlineSeconds.default(120),
      waitSeconds: defaults.waitSeconds.default(86_400),
      retries: defaults.retries.default(4),
      registrySecret: defaults.registrySecret.optional(),
      serviceAccount: defaults.serviceAccount.optional(),
      nodeSelector: defaults.nodeSelector.default({}),
      app: defaults.app.default('orchestrator'),
    })
    .prefault({}),
  profiles: z.record(z.string(), profile).default({}),
  /** Of a request that names none; absent: the defaults above, any image, and the two lists below. */
  default_profile: z.string().optional(),
  claims,
  serviceAccounts,
  /** Keys of labels that no request may give its pods: Services of the namespace select by them. */
  reserved_labels: z.array(z.string()).default(['name', 'component', 'release']),
  sets: sets.prefault({}),
});

export type JobsConfig = z.infer<typeof jobsKey>;
export type Profile = z.infer<typeof profile>;
