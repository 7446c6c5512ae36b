// What the API asks the kubelet for when a client reads a pod's log.

export interface PodLogsQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly timestamps: boolean;
  readonly limitBytes?: number;
  readonly signal: AbortSignal;
}

export type PodLogs = (query: PodLogsQuery) => AsyncIterable<Uint8Array>;
