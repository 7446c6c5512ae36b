// What platforms ask a function about itself: Knative and Kubernetes under /health, OpenFaaS under /_.
import type { Response } from './message';
import type { Route } from './route';

/** True, or the reason why no work should be sent yet; the owner caches what is expensive to find out. */
export type Ready = () => true | string | Promise<true | string>;

export interface ProbeOptions {
  readonly ready: Ready;
  readonly isDraining: () => boolean;
}

/**
 * A draining function is alive but not ready. Knative loses nothing by that: it stops sending before the signal comes,
 * since the container's preStop hook waits for the queue proxy. On OpenFaaS the signal comes while the pod is taken out of
 * its Service, so it goes on for DRAIN_GRACE_SECONDS. Liveness stays good, or the kubelet would end what still runs: the
 * Community Edition asks /_/health for both.
 */
export function probes({ ready, isDraining }: ProbeOptions): Route[] {
  const readiness = async (): Promise<Response> => {
    const verdict = isDraining() ? 'draining' : await ready();
    return verdict === true ? plain(200, 'ok') : plain(503, verdict);
  };
  return [
    probe('/health/liveness', liveness),
    probe('/_/health', liveness),
    probe('/health/readiness', readiness),
    probe('/_/ready', readiness),
  ];
}

function liveness(): Promise<Response> {
  return Promise.resolve(plain(200, 'ok'));
}

function probe(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, access: 'open', produces: 'text/plain', quiet: true, summary: 'Probe', handle };
}

function plain(status: number, body: string): Response {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
