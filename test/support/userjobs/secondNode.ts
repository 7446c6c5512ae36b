// A second node for the cluster of ../shared/cluster, on this machine, that can die: a containerd and a kubelet of its own beside the
// first node's, with the same bridge for pods. As root. Every process is ended by the id under which it was started here.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { descendantsOf, endNow, processesWith } from '../processTree';

export interface SecondNode {
  readonly name: string;
  /** As if its power were cut: nothing is reported to the cluster, and what ran on it is gone. */
  readonly die: () => Promise<void>;
  /** After `die`. */
  readonly start: () => Promise<void>;
  /** Takes it out of the cluster with everything of it. Wants it alive: what it ran is ended by its own kubelet. */
  readonly close: () => Promise<void>;
}

const NAME = 'node2';
const KUBELET_PORT = 10_270;
const SHIM = 'containerd-shim';

/** Settings of ../shared/cluster. */
const CLUSTER_FOLDER = process.env['CLUSTER_RUN'] ?? '/var/tmp/real-cluster';
const FIRST_SOCKET = '/run/real-cluster/containerd.sock';

export async function addSecondNode(images: readonly string[]): Promise<SecondNode> {
  const folder = mkdtempSync('/var/tmp/hub-functions-node-');
  const run = mkdtempSync('/run/hub-functions-node-');
  const socket = join(run, 'containerd.sock');
  const containerdFile = join(folder, 'containerd.toml');
  const kubeletFile = join(folder, 'kubelet.yaml');
  writeFileSync(containerdFile, containerdSettings(folder, run));
  writeFileSync(kubeletFile, kubeletSettings(socket));
  let containerd: ChildProcess | undefined;
  let kubelet: ChildProcess | undefined;
  const daemon = (name: string, program: string, parameters: readonly string[]): ChildProcess => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = spawn(program, parameters, { stdio: ['ignore', log, log] });
    closeSync(log);
    return child;
  };
  const start = async (): Promise<void> => {
    containerd = daemon('containerd', 'containerd', ['--config', containerdFile]);
    await eventually(async () => ctr(socket, ['version']));
    for (const image of ['dev.local/pause:1', ...images]) copyImage(image, { from: FIRST_SOCKET, to: socket, folder });
    const flags = {
      config: kubeletFile,
      kubeconfig: join(CLUSTER_FOLDER, 'admin.conf'),
      'root-dir': join(folder, 'kubelet'),
    };
    const node = { 'hostname-override': NAME, 'node-ip': firstNodeAddress(), 'cert-dir': join(folder, 'pki') };
    const parameters = Object.entries({ ...flags, ...node }).map(([flag, value]) => `--${flag}=${value}`);
    kubelet = daemon('kubelet', 'kubelet', parameters);
    await eventually(async () => kubectl(['wait', '--for=condition=Ready', `node/${NAME}`, '--timeout=1s']), 60);
  };
  const stop = async (): Promise<void> => {
    await end(kubelet);
    // Shims are no children of containerd, and outlive it: those of this one are known by its address.
    for (const pid of processesWith([SHIM, socket])) for (const each of [...descendantsOf(pid), pid]) endNow(each);
    await end(containerd);
  };
  mkdirSync(join(folder, 'pki'));
  await start();
  return {
    name: NAME,
    die: stop,
    start,
    close: async () => {
      try {
        const now = ['--force', '--grace-period=1', '--delete-emptydir-data', '--timeout=60s'];
        kubectl(['drain', NAME, ...now]);
        // The kubelet removes a pod's sandbox, and with it the network, a little after the pod.
        await eventually(async () => (ctr(socket, ['tasks', 'ls', '-q']).trim() === '' ? true : undefined), 60);
      } finally {
        await stop();
        kubectl(['delete', 'node', NAME, '--wait=false']);
        unmountBelow([folder, run]);
        for (const each of [folder, run]) rmSync(each, { recursive: true, force: true });
      }
    },
  };
}

/** No pod is placed on the first node while `use` runs. */
export async function withFirstNodeClosed<T>(use: () => Promise<T>): Promise<T> {
  return withNodeClosed(firstNode(), use);
}

export async function withNodeClosed<T>(name: string, use: () => Promise<T>): Promise<T> {
  kubectl(['cordon', name]);
  try {
    return await use();
  } finally {
    kubectl(['uncordon', name]);
  }
}

/** Only pods that tolerate it are placed there from now on: `key=value:effect`. */
export function taint(name: string, how: string): void {
  kubectl(['taint', 'nodes', name, how]);
}

function firstNode(): string {
  return kubectl(['get', 'nodes', '-o', 'name', '--field-selector', `metadata.name!=${NAME}`])
    .trim()
    .replace('node/', '');
}

function firstNodeAddress(): string {
  const path = '{.status.addresses[?(@.type=="InternalIP")].address}';
  return kubectl(['get', 'node', firstNode(), '-o', `jsonpath=${path}`]);
}

function containerdSettings(folder: string, run: string): string {
  const plugin = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${join(folder, 'containerd')}"
state = "${join(run, 'state')}"
[grpc]
  address = "${join(run, 'containerd.sock')}"
[${plugin}]
  sandbox_image = "dev.local/pause:1"
  restrict_oom_score_adj = true
  [${plugin}.cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${join(CLUSTER_FOLDER, 'cni')}"
`;
}

/** As the first node's, but for where it listens. */
function kubeletSettings(socket: string): string {
  const settings = readFileSync(join(CLUSTER_FOLDER, 'kubelet.yaml'), 'utf8').replace(FIRST_SOCKET, socket);
  return `${settings}port: ${KUBELET_PORT}\nhealthzPort: 0\n`;
}

function copyImage(image: string, { from, to, folder }: { from: string; to: string; folder: string }): void {
  const file = join(folder, 'image.tar');
  ctr(from, ['images', 'export', file, image]);
  ctr(to, ['images', 'import', file]);
  rmSync(file);
}

function ctr(socket: string, parameters: readonly string[]): string {
  return quietly('ctr', ['-a', socket, '-n', 'k8s.io', ...parameters]);
}

function kubectl(parameters: readonly string[]): string {
  return quietly('kubectl', parameters);
}

function quietly(program: string, parameters: readonly string[]): string {
  return execFileSync(program, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function unmountBelow(folders: readonly string[]): void {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  const ours = mounts.filter((mount) => folders.some((folder) => mount.startsWith(`${folder}/`)));
  for (const mount of ours.toReversed()) quietly('umount', ['--lazy', mount]);
}
