// GET /api/health/: 200 when the cluster can be reached, asked at most once in a few seconds.
import type { Response } from '../../lib/http/message';
import { rememberFor } from '../../lib/remember';
import type { Context } from './context';

const KEEP_MS = 5_000;
const PATIENCE_MS = 3_000;

export function createHealth({ kube, log }: Pick<Context, 'kube' | 'log'>): () => Promise<Response> {
  return rememberFor(KEEP_MS, async () => {
    try {
      await kube.ready({ signal: AbortSignal.timeout(PATIENCE_MS) });
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '' };
    } catch (error) {
      log.warn('the cluster is not ready', { error });
      return { status: 503, headers: { 'retry-after': '5' }, body: { detail: 'The cluster cannot be reached.' } };
    }
  });
}
