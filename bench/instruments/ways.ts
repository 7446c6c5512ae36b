// The two ways that the bench opens: a user job's tunnel, and its objects with a program that answers instead of ssh.
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import type { UserJobs } from '../../test/support/userjobs/userJobs';

/** Of the Service. */
export const PORT = 8080;
const LAB = 'lab1';

export interface Way {
  /** Name of its Service. */
  readonly service: string;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Answers on all ports that the pod has: the one for its readiness, and those that the Service leads to. */
const PROGRAM = `
const { createServer } = require('node:http');
for (const port of [process.env.STATE_PORT, ...process.env.TUNNEL_PORTS.split(',')])
  createServer((_, answer) => answer.end('hello')).listen(port);
process.on('SIGTERM', () => process.exit(0));
`;

/** A tunnel that stays open for the whole time, so that what it mounts is there for the pods that are made like it. */
export async function openPattern(
  userJobs: UserJobs,
  target: number,
): Promise<{ readonly tunnels: (turn: number) => Way; readonly plainPods: (turn: number) => Way }> {
  const { world, until } = userJobs;
  await world.hub.start(LAB);
  await tunnelTo(userJobs, LAB, target).open();
  await until(LAB, 'open');
  const { kube } = world.cluster;
  const service = await kube.get('services', LAB);
  const [deployment] = await kube.list('deployments', `${LABELS.role}=tunnel`);
  if (service === undefined || deployment === undefined) throw new Error('the tunnel left no objects');
  return {
    tunnels: (turn) => tunnelTo(userJobs, `${LAB}-${turn}`, target),
    plainPods: (turn) => plainPod(userJobs, { name: `plain-${turn}`, service, deployment }),
  };
}

function tunnelTo({ create, remove }: UserJobs, service: string, target: number): Way {
  const body = { service, hostname: 'system', target_node: 'localhost', ports: { [PORT]: target } };
  const expectStatus = (wanted: number, { status, text }: { readonly status: number; readonly text: string }): void => {
    if (status !== wanted) throw new Error(`user job ${service} was answered ${status}: ${text}`);
  };
  return {
    service,
    open: async () => expectStatus(201, await create(body)),
    close: async () => expectStatus(204, await remove(service)),
  };
}

interface Pattern {
  readonly name: string;
  readonly service: KubeObject;
  readonly deployment: KubeObject;
}

function plainPod({ world }: UserJobs, { name, service, deployment }: Pattern): Way {
  const { kube } = world.cluster;
  const labels = { [LABELS.anchor]: name };
  const { ports, publishNotReadyAddresses } = specOf(service);
  const { template } = specOf(deployment) as { readonly template: { readonly spec: PodSpec } };
  const containers = template.spec.containers.map((each) => ({ ...each, command: ['node', '-e', PROGRAM] }));
  const pod = { metadata: { labels }, spec: { ...template.spec, containers } };
  const metadata = { name, labels };
  return {
    service: name,
    open: async () => {
      await kube.create('services', { metadata, spec: { selector: labels, ports, publishNotReadyAddresses } });
      await kube.create('deployments', { metadata, spec: { selector: { matchLabels: labels }, template: pod } });
    },
    close: async () => {
      await kube.remove('services', name);
      await kube.remove('deployments', name, { propagationPolicy: 'Background' });
    },
  };
}

interface PodSpec {
  readonly containers: readonly object[];
}

function specOf(object: KubeObject): Readonly<Record<string, unknown>> {
  return object['spec'] as Readonly<Record<string, unknown>>;
}
