// One check of a probe: an HTTP request, a connection, or a command in the container.
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { V1HTTPGetAction, V1Probe } from '@kubernetes/client-node';
import type { Wire } from '../controllers/wire';
import type { Container } from './environment';
import type { Ports } from './rewriting';

const LOCALHOST = '127.0.0.1';

export type Probe = Wire<V1Probe>;

export interface ProbeTarget {
  readonly container: Container;
  readonly ports: Ports;
  /** Runs a command in the container; answers its exit code and output. */
  readonly exec: (command: readonly string[], timeoutMs: number) => Promise<{ exitCode: number; output: string }>;
}

/** `undefined` is success, a text says why not. */
export async function checkProbe(probe: Probe, target: ProbeTarget): Promise<string | undefined> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  const { httpGet, tcpSocket, grpc, exec } = probe;
  if (httpGet) return checkHttp(httpGet, ownPort(httpGet.port, target), timeoutMs);
  if (exec) return checkCommand(exec.command ?? [], target, timeoutMs);
  const { host = LOCALHOST, port } = tcpSocket ?? { host: LOCALHOST, port: grpc?.port };
  return port === undefined ? undefined : checkConnection(host, ownPort(port, target), timeoutMs);
}

/** A named port is looked up in the container; a number stands for the pod's own port on this machine. */
function ownPort(port: number | string, { container, ports }: ProbeTarget): number {
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  const number = named ?? Number(port);
  return ports[number] ?? number;
}

function checkHttp(action: Wire<V1HTTPGetAction>, port: number, timeoutMs: number): Promise<string | undefined> {
  const { host = LOCALHOST, path = '/', scheme = 'HTTP', httpHeaders = [] } = action;
  const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
  const url = `${scheme.toLowerCase()}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`;
  const options: RequestOptions = {
    headers: { 'user-agent': 'kube-probe/1.34', ...headers },
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
  };
  return new Promise((resolve) => {
    const send = scheme === 'HTTPS' ? httpsRequest : httpRequest;
    // As in Kubernetes, a probe does not check certificates.
    const request = send(url, { ...options, rejectUnauthorized: false }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      const isGood = statusCode >= 200 && statusCode < 400;
      resolve(isGood ? undefined : `HTTP probe failed with statuscode: ${statusCode}`);
    });
    request.once('error', (error) => resolve(`Get "${url}": ${reasonOf(error, `${host}:${port}`)}`));
    request.end();
  });
}

function checkConnection(host: string, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal: AbortSignal.timeout(timeoutMs) });
    socket.once('connect', () => resolve(undefined));
    socket.once('connect', () => socket.destroy());
    socket.once('error', (error) => resolve(reasonOf(error, `${host}:${port}`)));
  });
}

async function checkCommand(
  command: readonly string[],
  { exec }: ProbeTarget,
  timeoutMs: number,
): Promise<string | undefined> {
  const { exitCode, output } = await exec(command, timeoutMs);
  return exitCode === 0 ? undefined : output;
}

function reasonOf(error: Error & { readonly code?: string }, address: string): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  }
  const why = error.code === 'ECONNREFUSED' ? 'connection refused' : error.message;
  return `dial tcp ${address}: connect: ${why}`;
}
