// An installation of the chart on the cluster of KUBECONFIG, in a namespace of its own, as an operator makes it.
import { readFileSync } from 'node:fs';
import { eventually } from '../eventually';
import { credentialFile, WEB_SERVICE } from '../credentialFiles';
import { sendRequest } from '../httpClient';
import type { KubeClient } from '../kubeClient';
import { readKubeconfig } from '../kubeconfigFile';
import { kubectlIn, type Kubectl } from '../knative/kubectl';
import type { Request } from '../knative/ingress';
import { openNamespace } from '../namespace';
import { originOf } from '../userjobs/visits';
import { CHART, helmOf } from './helm';

export const RELEASE = 'hub-functions';
export const HUB = 'jupyterhub';
const GROUPS = [WEB_SERVICE, 'access_to_jobs', 'access_to_reaper'];
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const TIMEOUT = '240s';

export interface Release {
  readonly namespace: string;
  readonly kube: KubeClient;
  readonly kubectl: Kubectl;
  /** One of helm's verbs for the release, with what follows. */
  readonly helm: (program: string, verb: string, ...more: readonly string[]) => Promise<string>;
  /** Installs or upgrades, and waits until all is there. */
  readonly bring: (program: string, values: object) => Promise<string>;
  /** Through its Service, past any ingress. */
  readonly request: (name: string) => Promise<Request>;
  readonly close: () => Promise<void>;
}

/** Images as `npm run build:images -- --cluster` names them; two cores are few for requests of nine functions. */
export const VALUES = {
  platform: 'deployment',
  image: { prefix: process.env['IMAGE_PREFIX'] ?? 'dev.local/hub-functions', tag: process.env['IMAGE_TAG'] ?? version },
  resources: { requests: { cpu: '1m' } },
};

export async function openRelease(): Promise<Release> {
  const { kube, namespace, close } = await openNamespace(readKubeconfig(process.env['KUBECONFIG'] ?? ''));
  const credential = Buffer.from(credentialFile(HUB, { groups: GROUPS })).toString('base64');
  await kube.create('secrets', { metadata: { name: 'hub-functions-credentials' }, data: { [HUB]: credential } });
  const flags = ['--namespace', namespace];
  return {
    namespace,
    kube,
    kubectl: kubectlIn(namespace),
    helm: async (program, verb, ...more) => helmOf(program)([verb, RELEASE, ...flags, ...more]),
    bring: async (program, values) => {
      const args = ['upgrade', RELEASE, CHART, '--install', ...flags, '--wait', '--timeout', TIMEOUT, '--values', '-'];
      return helmOf(program)(args, JSON.stringify(values));
    },
    request: async (name) => {
      const origin = originOf(await kube.get('services', `hub-functions-${name}`), 80);
      const request: Request = async (method, path, sent) => sendRequest(method, { origin, path }, sent);
      await eventually(async () => ((await request('GET', '/health/readiness')).status === 200 ? true : undefined), 60);
      return request;
    },
    close,
  };
}
