// What local clusters are made of. Kubernetes and Knative are of the minor versions that the tests run on.

export const KUBERNETES = 'v1.34.4';
/** With its digest, as only images of a release of kind fit it: https://github.com/kubernetes-sigs/kind/releases/tag/v0.33.0 */
export const KIND_NODE =
  'kindest/node:v1.34.11@sha256:44e222ee2132dab25ff87301682f89eb82c7880ea3a1bf543bfe9708fd08d67d';
export const K3S = 'rancher/k3s:v1.34.9-k3s1';

const release = (repository: string, version: string, file: string): string =>
  `https://github.com/knative/${repository}/releases/download/knative-v${version}/${file}.yaml`;

const SERVING = '1.15.2';
const EVENTING = '1.15.1';
const KOURIER = '1.15.1';

/** Custom resources first: what comes next is made of them. */
export const KNATIVE_KINDS: readonly string[] = [
  release('serving', SERVING, 'serving-crds'),
  release('eventing', EVENTING, 'eventing-crds'),
];

/** Channels in memory: what happens while they restart is found by sweeps. */
export const KNATIVE: readonly string[] = [
  release('serving', SERVING, 'serving-core'),
  release('net-kourier', KOURIER, 'kourier'),
  release('eventing', EVENTING, 'eventing-core'),
  release('eventing', EVENTING, 'in-memory-channel'),
  release('eventing', EVENTING, 'mt-channel-broker'),
];

export const KNATIVE_NAMESPACES: readonly string[] = ['knative-serving', 'kourier-system', 'knative-eventing'];

/** Where each program comes from, and which version at least. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  kind: 'kind 0.33 or newer: https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
  minikube: 'minikube 1.38 or newer: https://minikube.sigs.k8s.io/docs/start/',
  k3d: 'k3d 5.8 or newer: https://k3d.io/stable/#installation',
  kubectl: 'kubectl 1.33 or newer: https://kubernetes.io/docs/tasks/tools/',
  docker: 'Docker: https://docs.docker.com/engine/install/',
  npm: 'npm, which comes with Node.js: https://nodejs.org/',
};
