// Ports of a pod's own on this machine, one for each port that it declares or is probed on.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Pod } from '../controllers/wire';
import type { Container } from './environment';

export interface PortPool {
  /** Free ports that nobody else was given; `release` gives them back. */
  readonly take: (count: number) => Promise<readonly number[]>;
  readonly release: (ports: readonly number[]) => void;
}

export function createPortPool(): PortPool {
  const taken = new Set<number>();
  const takeOne = async (): Promise<number> => {
    for (;;) {
      const port = await freePort();
      if (taken.has(port)) continue;
      taken.add(port);
      return port;
    }
  };
  return {
    take: (count) => Promise.all(Array.from({ length: count }, takeOne)),
    release: (ports) => ports.forEach((port) => taken.delete(port)),
  };
}

/** The machine names a free port; it is free again before the pod takes it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}

export function declaredPorts({ spec }: Pod): readonly number[] {
  const containers: readonly Container[] = [...spec.containers, ...(spec.initContainers ?? [])];
  const ports = containers.flatMap((container) => [...containerPorts(container), ...probedPorts(container)]);
  return [...new Set(ports)];
}

function containerPorts({ ports = [] }: Container): readonly number[] {
  return ports.map(({ containerPort }) => containerPort);
}

function probedPorts({ readinessProbe, livenessProbe, startupProbe }: Container): readonly number[] {
  return [readinessProbe, livenessProbe, startupProbe]
    .map((probe) => probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port)
    .filter((port): port is number => typeof port === 'number');
}
