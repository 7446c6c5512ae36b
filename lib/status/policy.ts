// How patient a diagnosis is: every threshold with its default.
import * as z from 'zod';

const seconds = (fallback: number): z.ZodDefault<z.ZodNumber> => z.number().min(0).default(fallback);
const times = (fallback: number): z.ZodDefault<z.ZodInt> => z.int().min(1).default(fallback);

export const policySettings = z.strictObject({
  mainContainer: z.string().min(1).default('main'),
  /** From the start, or from the creation of the pod if that is later, until the pod must be ready; 0 = no limit. */
  startTimeoutSeconds: seconds(600),
  /** The registry said "no such image" or "not for you". */
  imageGraceSeconds: seconds(15),
  /** The registry could not be asked. */
  registryGraceSeconds: seconds(300),
  /** A ConfigMap, Secret, key or ServiceAccount is missing: it may be created a moment later. */
  configGraceSeconds: seconds(20),
  /** The container runtime or an admission webhook is in trouble. */
  runtimeGraceSeconds: seconds(120),
  /** No node has room. */
  capacityGraceSeconds: seconds(300),
  /** No node fits, or the autoscaler said it will not help. */
  placementGraceSeconds: seconds(60),
  /** Longer than the six minutes after which Kubernetes detaches a volume from a lost node. */
  volumeGraceSeconds: seconds(420),
  /** The pod gets no network. */
  sandboxGraceSeconds: seconds(300),
  /** Longer than the pod of an earlier start needs to terminate. */
  quotaGraceSeconds: seconds(60),
  /** The pod is gone and no new one appears. */
  replacementGraceSeconds: seconds(120),
  /** A complete start without Deployment: reads may be a little old. */
  deletedGraceSeconds: seconds(5),
  /** A container that ended sooner after its first start never served: without a readiness probe it counts as ready at once. */
  settleSeconds: seconds(60),
  /** The container ended that often, each time shortly after it started. */
  crashLimit: times(3),
  /** A run this long was no crash at start: the kubelet forgets its back-off then, too. */
  crashResetSeconds: seconds(600),
  /** So many pods were evicted or refused by their node within the window. */
  evictionLimit: times(3),
  evictionWindowSeconds: seconds(600),
  /** Events of other types prove no failure; an empty list judges by the status of the objects alone. */
  eventTypesToFail: z.array(z.string()).default(['Warning']),
});

export type Policy = Readonly<z.infer<typeof policySettings>>;
