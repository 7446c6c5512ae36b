// The narrow waist between lib/kube and a Kubernetes API: one request out, one streamed response back.

export interface TransportRequest {
  readonly method: string;
  /** Path and query, already encoded: `/api/v1/namespaces/hub/configmaps?limit=500`. */
  readonly path: string;
  /** Lower-case names; credentials are added by the transport. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Rejects only when no response could be had (connection refused or reset, deadline passed). */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;
