// The words a diagnosis speaks in.

export type Phase = 'starting' | 'running' | 'stopped' | 'failed';

export type Step = 'creating' | 'scheduling' | 'mounting' | 'pulling' | 'starting' | 'ready';

export type Reason =
  | 'ImagePull'
  | 'Unschedulable'
  | 'Quota'
  | 'Forbidden'
  | 'VolumeMount'
  | 'PodSandbox'
  | 'ConfigError'
  | 'ContainerRuntime'
  | 'CrashLoop'
  | 'OutOfMemory'
  | 'Exited'
  | 'Unhealthy'
  | 'Evicted'
  | 'DeadlineExceeded'
  | 'PodReplaced'
  | 'Deleted'
  | 'ScaledDown'
  | 'StartTimeout'
  | 'Restoring'
  | 'RestoreFailed';

export interface Verdict {
  readonly phase: Phase;
  /** What is wrong; also told while there is still hope. */
  readonly reason?: Reason | undefined;
  /** Plain words: what happened and what to do. */
  readonly message: string;
  /** The very same start would have a chance later. */
  readonly retryable: boolean;
  /** Nothing will change any more: only then may a poll answer `running: false`. */
  readonly final: boolean;
  /** When the same objects become final: the time to look again if no event comes first. */
  readonly finalAt?: string | undefined;
  readonly step: Step;
  /** The pod and container whose log tells more. */
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  readonly restarts: number;
  readonly lastExit?: { readonly exitCode: number; readonly reason?: string | undefined } | undefined;
}

/** One trouble. Rules never see the clock: they say from which moment on waiting is hopeless, so a final verdict stays final. */
export interface Finding {
  readonly reason: Reason;
  readonly message: string;
  readonly retryable: boolean;
  /** Milliseconds; Infinity = never by itself (the start timeout still ends it). */
  readonly finalAt: number;
  readonly container?: string | undefined;
  /** What to say instead once it is final. */
  readonly lateMessage?: string;
  /** Ended as somebody wished: stopped, not failed. */
  readonly clean?: boolean;
}

/** What Kubernetes said, on one line and short enough to read; a full stop ends it. */
export function excerpt(text: string | undefined): string {
  const line = (text ?? '')
    .replace(/\s+/g, ' ')
    .replace(/[\s:]+$/, '')
    .trim();
  const short = line.length > 300 ? `${line.slice(0, 297)}...` : line;
  return /[.!?]$/.test(short) || short === '' ? short : `${short}.`;
}
