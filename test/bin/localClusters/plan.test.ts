import {
  contextOf,
  downPlan,
  lineOf,
  programsOf,
  scriptOf,
  TOOLS,
  upPlan,
  type Tool,
} from '../../../bin/localClusters/plan';
import { PROGRAMS } from '../../../bin/localClusters/versions';

const images = ['dev.local/hub-functions-services:1.0.0', 'dev.local/hub-functions-mover:1.0.0'];
const plan = (tool: Tool, withKnative = true, wanted: readonly string[] = images) =>
  upPlan({ tool, name: 'hub', withKnative, images: wanted }).map(({ run }) => lineOf(run));

test.each([
  ['kind', /^kind create cluster --name hub --image kindest\/node:v1\.34\.\d+@sha256:[0-9a-f]{64} --wait 3m$/],
  [
    'minikube',
    /^minikube start --profile hub --kubernetes-version=v1\.34\.\d+ --cni=calico --cpus=4 --memory=6g --addons=.+$/,
  ],
  ['k3d', /^k3d cluster create hub --image rancher\/k3s:v1\.34\.\d+-k3s1 --k3s-arg --disable=traefik@server:0 --wait$/],
] as const)('%s makes a cluster of the tested version', (tool, first) => {
  expect(plan(tool)[0]).toMatch(first);
});

test.each([
  ['kind', `kind load docker-image --name hub ${images.join(' ')}`],
  ['minikube', `minikube image load --profile hub ${images.join(' ')}`],
  ['k3d', `k3d image import --cluster hub ${images.join(' ')}`],
] as const)('%s gets images without a registry, after they are built', (tool, load) => {
  expect(plan(tool).slice(-2)).toEqual([
    'npm run --silent build:images -- --builder docker --prefix dev.local/hub-functions',
    load,
  ]);
});

test('Knative comes with its ingress, a broker, and is waited for, in the context of the cluster', () => {
  const [, ...steps] = plan('kind', true, []);
  expect(steps.every((step) => step.startsWith('kubectl --context kind-hub '))).toBe(true);
  const applied = steps.flatMap((step) => step.match(/[a-z-]+\.yaml/g) ?? []);
  expect(applied).toEqual([
    'serving-crds.yaml',
    'eventing-crds.yaml',
    'serving-core.yaml',
    'kourier.yaml',
    'eventing-core.yaml',
    'in-memory-channel.yaml',
    'mt-channel-broker.yaml',
  ]);
  expect(steps.slice(-3).map((step) => step.split(' ').at(-1))).toEqual([
    'knative-serving',
    'kourier-system',
    'knative-eventing',
  ]);
});

test.each(TOOLS)('%s without Knative and images is one command', (tool) => {
  expect(plan(tool, false, [])).toHaveLength(1);
});

test.each([
  ['kind', 'kind delete cluster --name hub', 'kind-hub'],
  ['minikube', 'minikube delete --profile hub', 'hub'],
  ['k3d', 'k3d cluster delete hub', 'k3d-hub'],
] as const)('%s is removed by one command', (tool, line, context) => {
  expect(downPlan({ tool, name: 'hub' }).map(({ run }) => lineOf(run))).toEqual([line]);
  expect(contextOf({ tool, name: 'hub' })).toBe(context);
});

test('all programs are known before the first is run, and where they come from', () => {
  const programs = programsOf(upPlan({ tool: 'kind', name: 'hub', withKnative: true, images }));
  expect(programs).toEqual(['kind', 'kubectl', 'npm', 'docker']);
  for (const name of [...programs, ...TOOLS]) expect(PROGRAMS[name]).toContain('https://');
});

test('a script quotes what a shell would change', () => {
  expect(lineOf(['a', "it's", '{"b":1}', 'c=d'])).toBe(String.raw`a 'it'\''s' '{"b":1}' c=d`);
  expect(scriptOf([{ run: ['make', 'it'], unless: ['is', 'there'] }])).toBe(
    '#!/usr/bin/env bash\nset -euo pipefail\nis there >/dev/null 2>&1 ||\n  make it\n',
  );
});
