// The tools need Docker, which is not here. Programs that write down how they are called stand in for them.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../../../bin/command';
import { dispatch } from '../../../bin/dispatch';
import { clusterCommands } from '../../../bin/localClusters/commands';

let folder: string;
let output: string;

/** Writes its words, one line each call, and answers as told. */
function record(program: string, body = 'exit 0'): void {
  const file = join(folder, program);
  const line = `{ printf %s ${program}; printf ' <%s>' "$@"; printf '\\n'; } >>"${folder}/calls"`;
  writeFileSync(file, `#!/bin/sh\n${line}\n${body}\n`);
  chmodSync(file, 0o755);
}

const calls = (): readonly string[] =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n') : [];

const run = async (...args: string[]) => {
  output = '';
  const terminal: Terminal = {
    write: (text) => void (output += text),
    writeError: (text) => void (output += text),
    readInput: () => Promise.resolve(''),
    connect: () => Promise.reject(new Error('no cluster is asked')),
    clock: () => new Date(0),
    output: new PassThrough(),
    environment: { PATH: folder },
  };
  return dispatch(['cluster', ...args], { commands: clusterCommands, terminal });
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hubfn-cluster-'));
  for (const program of ['kubectl', 'npm', 'docker']) record(program);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Absent until it is made. */
const kind = `case "$1 $2" in
  'get kubeconfig') [ -e "$0.made" ] ;;
  'create cluster') : >"$0.made" ;;
esac`;

test('up makes the cluster, fills it, and says what is next', async () => {
  record('kind', kind);
  expect(await run('up', 'kind', '--name', 'mine')).toBe(0);
  const [asked, made, ...rest] = calls();
  expect(asked).toBe('kind <get> <kubeconfig> <--name> <mine>');
  expect(made).toMatch(
    /^kind <create> <cluster> <--name> <mine> <--image> <kindest\/node:v1\.34\.\d+@sha256:\w+> <--wait> <3m>$/,
  );
  expect(rest.filter((call) => call.startsWith('kubectl <--context> <kind-mine> <apply>'))).toHaveLength(2);
  expect(rest).toContainEqual(
    'kubectl <--context> <kind-mine> <patch> <--namespace> <knative-serving> <configmap/config-network> <--type> <merge> ' +
      '<--patch> <{"data":{"ingress-class":"kourier.ingress.networking.knative.dev"}}>',
  );
  expect(rest.at(-2)).toBe(
    'npm <run> <--silent> <build:images> <--> <--builder> <docker> <--prefix> <dev.local/hub-functions>',
  );
  expect(rest.at(-1)).toMatch(
    /^kind <load> <docker-image> <--name> <mine> <dev.local\/hub-functions-archive:[^>]+> .*<dev.local\/hub-functions-mover:[^>]+>$/,
  );
  expect(output).toContain('npx hubfn doctor --context kind-mine -n jhub --platform knative\n');
});

test('said again, it takes what is there', async () => {
  record('kind', kind);
  await run('up', 'kind', '--no-images', '--platform', 'deployment');
  await run('up', 'kind', '--no-images', '--platform', 'deployment');
  expect(calls().map((call) => call.split(' <--')[0])).toEqual([
    'kind <get> <kubeconfig>',
    'kind <create> <cluster>',
    'kind <get> <kubeconfig>',
  ]);
  expect(output).toContain('# already there: kind create cluster\n');
});

test.each(['minikube', 'kind', 'k3d'])('the script of %s makes the calls that the command makes', async (tool) => {
  record(tool, '[ "$1" != get ] && [ "$1" != status ] && [ "$2" != list ]');
  expect(await run('up', tool)).toBe(0);
  const made = calls();
  rmSync(join(folder, 'calls'));
  expect(await run('up', tool, '--print')).toBe(0);
  expect(calls()).toEqual([]);
  const script = output;
  const { status, stderr } = spawnSync('/bin/bash', ['-c', script], {
    env: { PATH: folder },
    encoding: 'utf8',
    // From a socket bash would read its own settings first.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(calls()).toEqual(made);
});

test('the words reach each tool as its own documentation has them', async () => {
  record('k3d', '[ "$2" != list ]');
  await run('up', 'k3d', '--no-images', '--platform', 'deployment');
  await run('down', 'k3d');
  record('minikube', '[ "$1" != status ]');
  await run('up', 'minikube', '--no-images', '--platform', 'deployment');
  await run('down', 'minikube', '--name', 'other');
  expect(calls()).toEqual([
    'k3d <cluster> <list> <hub-functions>',
    'k3d <cluster> <create> <hub-functions> <--image> <rancher/k3s:v1.34.9-k3s1> <--k3s-arg> <--disable=traefik@server:0> <--wait>',
    'k3d <cluster> <delete> <hub-functions>',
    'minikube <status> <--profile> <hub-functions>',
    'minikube <start> <--profile> <hub-functions> <--kubernetes-version=v1.34.4> <--cni=calico> <--cpus=4> <--memory=6g> <--addons=storage-provisioner,default-storageclass>',
    'minikube <delete> <--profile> <other>',
  ]);
});

test('a tool that is missing is told before anything is done, and where to get it', async () => {
  rmSync(join(folder, 'docker'));
  expect(await run('up', 'kind')).toBe(1);
  expect(output).toContain('hubfn: kind, docker are not installed: get them, or see the commands with --print\n');
  expect(output).toContain('kind 0.33 or newer: https://kind.sigs.k8s.io/');
  expect(calls()).toEqual([]);
});

test('a step that fails ends it, and names the step', async () => {
  record('kind', 'case "$1" in get) exit 1 ;; create) exit 7 ;; esac');
  expect(await run('up', 'kind')).toBe(1);
  expect(output).toMatch(/hubfn: kind create cluster [^\n]+\nended with 7\. What was done stays/);
  expect(calls()).toHaveLength(2);
});

test.each([
  [['up'], 'say which: minikube, kind, k3d'],
  [['up', 'docker'], 'say which: minikube, kind, k3d, not docker'],
  [['up', 'kind', 'k3d'], 'one cluster at a time, not also k3d'],
  [['up', 'kind', '--name', 'a b'], '--name is made of a-z, 0-9 and -, at most 32 of them, not a b'],
  [['up', 'kind', '--platform', 'openfaas'], '--platform is knative or deployment, not openfaas'],
  [['down'], 'say which'],
])('%j is refused', async (args, message) => {
  expect(await run(...args)).toBe(2);
  expect(output).toContain(message);
  expect(calls()).toEqual([]);
});
