// The way to a mover that serves: where it listens, and what comes from there.
import { get, type IncomingMessage } from 'node:http';
import { AppError } from '../../../lib/errors';
import type { Response } from '../../../lib/http/message';
import type { Call } from '../../../lib/kube/kube';
import { isRecord, parseJson } from '../../../lib/record';
import type { Pod } from '../../../lib/status/observed';
import { MOVER_PORT } from '../operation/mover';

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Listening {
  readonly metadata?: (Pod['metadata'] & { readonly annotations?: Readonly<Record<string, string>> }) | undefined;
  readonly status?: (Pod['status'] & { readonly podIP?: string }) | undefined;
}

/** On the embedded cluster pods share one machine: it tells there which port stands for a pod's own. */
const PORTS_ANNOTATION = 'embedded.hub-functions/ports';

/** Undefined until it is ready. */
export function addressOf(pods: readonly Pod[]): Address | undefined {
  const pod: Listening | undefined = pods.find(({ status }) =>
    status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True'),
  );
  const host = pod?.status?.podIP;
  if (pod === undefined || host === undefined) return undefined;
  const ports = parseJson(pod.metadata?.annotations?.[PORTS_ANNOTATION] ?? '');
  const own = isRecord(ports) ? ports[String(MOVER_PORT)] : undefined;
  return { host, port: typeof own === 'number' ? own : MOVER_PORT };
}

export interface Source {
  readonly address: Address;
  readonly token: string;
  readonly path: string | undefined;
  /** What it is called on the other side. */
  readonly name: string;
}

export async function openStream({ address, token, path, name }: Source, call: Call): Promise<Response> {
  const query = path === undefined ? '' : `?path=${encodeURIComponent(path)}`;
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      ...address,
      path: `/download${query}`,
      headers: { authorization: `Bearer ${token}` },
      agent: false,
    };
    get({ ...options, signal: call.signal }, resolve).on('error', reject);
  });
  const { statusCode = 0, headers } = incoming;
  if (statusCode !== 200) {
    incoming.resume();
    throw statusCode === 404
      ? new AppError('path_missing', 404, 'The archive does not hold this path.')
      : new AppError('download_failed', 409, 'The archive could not be read. Verify it.');
  }
  const type = headers['content-type'] ?? 'application/octet-stream';
  const suffix = type.includes('tar') ? '.tar' : '';
  const file = path === undefined ? name : (path.split('/').at(-1) ?? name);
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(`${file}${suffix}`)}`;
  const length = headers['content-length'];
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': disposition,
      ...(length !== undefined && { 'content-length': length }),
    },
    body: incoming,
  };
}
