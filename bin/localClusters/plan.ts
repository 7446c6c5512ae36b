// The commands that make a local cluster, fill it, and remove it. Pure.
import { K3S, KIND_NODE, KNATIVE, KNATIVE_KINDS, KNATIVE_NAMESPACES, KUBERNETES } from './versions';

export const TOOLS = ['minikube', 'kind', 'k3d'] as const;
export type Tool = (typeof TOOLS)[number];

export interface Step {
  readonly run: readonly string[];
  /** When this succeeds, there is nothing left to do. */
  readonly unless?: readonly string[];
}

export interface Wanted {
  readonly tool: Tool;
  readonly name: string;
  readonly withKnative: boolean;
  /** Built first; none to leave them to somebody else. */
  readonly images: readonly string[];
}

interface Maker {
  readonly create: (name: string) => Step;
  readonly load: (name: string, images: readonly string[]) => readonly string[];
  readonly remove: (name: string) => readonly string[];
  readonly context: (name: string) => string;
}

const MAKERS: Readonly<Record<Tool, Maker>> = {
  kind: {
    create: (name) => ({
      run: ['kind', 'create', 'cluster', '--name', name, '--image', KIND_NODE, '--wait', '3m'],
      unless: ['kind', 'get', 'kubeconfig', '--name', name],
    }),
    load: (name, images) => ['kind', 'load', 'docker-image', '--name', name, ...images],
    remove: (name) => ['kind', 'delete', 'cluster', '--name', name],
    context: (name) => `kind-${name}`,
  },
  minikube: {
    create: (name) => ({
      run: ['minikube', 'start', '--profile', name, `--kubernetes-version=${KUBERNETES}`, ...MINIKUBE],
      unless: ['minikube', 'status', '--profile', name],
    }),
    load: (name, images) => ['minikube', 'image', 'load', '--profile', name, ...images],
    remove: (name) => ['minikube', 'delete', '--profile', name],
    context: (name) => name,
  },
  k3d: {
    create: (name) => ({
      // Its own ingress would take the ports that Knative's wants.
      run: ['k3d', 'cluster', 'create', name, '--image', K3S, '--k3s-arg', '--disable=traefik@server:0', '--wait'],
      unless: ['k3d', 'cluster', 'list', name],
    }),
    load: (name, images) => ['k3d', 'image', 'import', '--cluster', name, ...images],
    remove: (name) => ['k3d', 'cluster', 'delete', name],
    context: (name) => `k3d-${name}`,
  },
};

/** Calico: its own network enforces no network policies, as those of the other two do. */
const MINIKUBE = ['--cni=calico', '--cpus=4', '--memory=6g', '--addons=storage-provisioner,default-storageclass'];

/** Knative does not ask a registry about images of this host. */
export const IMAGE_PREFIX = 'dev.local/hub-functions';

export function upPlan({ tool, name, withKnative, images }: Wanted): readonly Step[] {
  const { create, load, context } = MAKERS[tool];
  const kubectl = ['kubectl', '--context', context(name)];
  const build = ['npm', 'run', '--silent', 'build:images', '--', '--builder', 'docker', '--prefix', IMAGE_PREFIX];
  return [
    create(name),
    ...(withKnative ? knative(kubectl) : []),
    ...(images.length > 0 ? [{ run: build }, { run: load(name, images) }] : []),
  ];
}

export function downPlan({ tool, name }: Pick<Wanted, 'tool' | 'name'>): readonly Step[] {
  return [{ run: MAKERS[tool].remove(name) }];
}

export function contextOf({ tool, name }: Pick<Wanted, 'tool' | 'name'>): string {
  return MAKERS[tool].context(name);
}

function knative(kubectl: readonly string[]): readonly Step[] {
  const apply = (urls: readonly string[]): Step => ({
    run: [...kubectl, 'apply', ...urls.flatMap((url) => ['--filename', url])],
  });
  const ingress = JSON.stringify({ data: { 'ingress-class': 'kourier.ingress.networking.knative.dev' } });
  const network = ['--namespace', 'knative-serving', 'configmap/config-network', '--type', 'merge', '--patch', ingress];
  return [
    apply(KNATIVE_KINDS),
    { run: [...kubectl, 'wait', '--for=condition=Established', 'customresourcedefinitions', '--all', '--timeout=2m'] },
    apply(KNATIVE),
    { run: [...kubectl, 'patch', ...network] },
    ...KNATIVE_NAMESPACES.map((namespace) => ({
      run: [...kubectl, 'wait', '--for=condition=Available', 'deployments', '--all', '--timeout=5m', '-n', namespace],
    })),
  ];
}

/** Each program once, in the order in which they are needed. */
export function programsOf(steps: readonly Step[]): readonly string[] {
  const called = steps.flatMap(({ run: [program = ''] }) => (program === 'npm' ? [program, 'docker'] : [program]));
  return [...new Set(called)];
}

/** Does the same as the steps, for somebody to read before. */
export function scriptOf(steps: readonly Step[]): string {
  const lines = steps.map(({ run, unless }) =>
    unless === undefined ? lineOf(run) : `${lineOf(unless)} >/dev/null 2>&1 ||\n  ${lineOf(run)}`,
  );
  return ['#!/usr/bin/env bash', 'set -euo pipefail', ...lines, ''].join('\n');
}

export function lineOf(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
