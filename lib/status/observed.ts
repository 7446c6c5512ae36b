// What a diagnosis looks at: the few fields of raw Kubernetes JSON that matter, and what the anchor remembers of the start.

export interface Observed {
  readonly start: StartRecord;
  /** The main Deployment; absent while it is not created yet and after it is gone. */
  readonly deployment?: Deployment | undefined;
  readonly pods: readonly Pod[];
  /** core/v1 Events about these pods, their ReplicaSet and the Deployment, in any order. */
  readonly events: readonly KubeEvent[];
}

/** Times in this file are ISO strings, as the API sends them. */
export interface StartRecord {
  readonly beganAt: string;
  /** Every object of the start had been created. */
  readonly completedAt?: string | undefined;
  /** A watcher saw the service ready for the first time. */
  readonly readyAt?: string | undefined;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | null | undefined;
  readonly lastUpdateTime?: string | null | undefined;
}

interface Meta {
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
  readonly creationTimestamp?: string | undefined;
  readonly deletionTimestamp?: string | undefined;
}

export interface Deployment {
  readonly metadata?: Meta | undefined;
  readonly spec?: { readonly replicas?: number | undefined } | undefined;
  readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
}

export interface Pod {
  readonly metadata?: Meta | undefined;
  readonly spec?: PodSpec | undefined;
  readonly status?: PodStatus | undefined;
}

interface PodSpec {
  readonly nodeName?: string | undefined;
  readonly initContainers?: readonly ContainerSpec[] | undefined;
  readonly containers?: readonly ContainerSpec[] | undefined;
}

interface ContainerSpec {
  readonly name: string;
  readonly image?: string | undefined;
  readonly restartPolicy?: string | undefined;
}

interface PodStatus {
  readonly phase?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly startTime?: string | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  readonly initContainerStatuses?: readonly ContainerStatus[] | undefined;
  readonly containerStatuses?: readonly ContainerStatus[] | undefined;
}

export interface ContainerStatus {
  readonly name: string;
  readonly image?: string | undefined;
  readonly ready?: boolean | undefined;
  readonly restartCount?: number | undefined;
  readonly state?: ContainerState | undefined;
  readonly lastState?: ContainerState | undefined;
}

export interface ContainerState {
  readonly waiting?: Wait | undefined;
  readonly running?: { readonly startedAt?: string | null | undefined } | undefined;
  readonly terminated?: Terminated | undefined;
}

export interface Wait {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

export interface Terminated {
  readonly exitCode: number;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly startedAt?: string | null | undefined;
  readonly finishedAt?: string | null | undefined;
}

export interface KubeEvent {
  readonly metadata?: Meta | undefined;
  readonly involvedObject?: InvolvedObject | undefined;
  readonly type?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly count?: number | null | undefined;
  readonly firstTimestamp?: string | null | undefined;
  readonly lastTimestamp?: string | null | undefined;
  readonly eventTime?: string | null | undefined;
  readonly series?:
    { readonly count?: number | undefined; readonly lastObservedTime?: string | undefined } | null | undefined;
}

interface InvolvedObject {
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
  /** `spec.containers{main}` */
  readonly fieldPath?: string | undefined;
}
