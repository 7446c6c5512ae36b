// What a test changes of dist/deploy, which `npm run build:images` wrote: reachable, modest, impatient, with its own files.
import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VISIBILITY = '/metadata/labels/networking.knative.dev~1visibility';
/** Pods that end keep what they requested for half a minute, and Knative itself has most of two cores. */
const MODEST = { op: 'replace', path: '/spec/template/spec/containers/0/resources/requests/cpu', value: '1m' };
const IMPATIENT_REAPER = {
  op: 'add',
  path: '/spec/template/spec/containers/0/env/-',
  value: { name: 'START_DEADLINE_SECONDS', value: '60' },
};

/** In place of the samples. */
export interface Files {
  readonly config?: object;
  /** Holds `<credential>/<service>/service.yaml`. */
  readonly descriptions?: string;
}

/** Answers its folder. Tests stand outside of the cluster, so the ingress must know the way. */
export function writeOverlay(namespace: string, { config, descriptions }: Files): string {
  const folder = resolve('dist', `deploy-${namespace}`);
  mkdirSync(folder);
  const items = descriptions === undefined ? [] : copyDescriptions(descriptions, folder);
  if (config !== undefined) writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const overlay = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['../deploy'],
    configMapGenerator: [
      ...(config === undefined ? [] : [generated('hub-functions-config', ['config.json'])]),
      ...(items.length === 0
        ? []
        : [
            generated(
              'hub-functions-descriptions',
              items.map(({ key }) => key),
            ),
          ]),
    ],
    patches: [...PATCHES, ...(items.length === 0 ? [] : [mounted(items)])].map(({ target, patch }) => ({
      target,
      patch: JSON.stringify(patch),
    })),
  };
  writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(overlay));
  return folder;
}

const PATCHES = [
  { target: { group: 'serving.knative.dev', kind: 'Service' }, patch: [{ op: 'remove', path: VISIBILITY }] },
  { target: { group: 'serving.knative.dev', kind: 'Service' }, patch: [MODEST] },
  // As impatient as they can be.
  { target: { name: 'hub-functions-reaper', kind: 'Service' }, patch: [IMPATIENT_REAPER] },
  { target: { kind: 'PingSource' }, patch: [{ op: 'replace', path: '/spec/schedule', value: '*/5 * * * * *' }] },
];

function generated(name: string, files: readonly string[]) {
  return { name, behavior: 'replace', files };
}

interface Item {
  readonly key: string;
  readonly path: string;
}

/** A key of a ConfigMap holds no slash. */
function copyDescriptions(from: string, to: string): readonly Item[] {
  const paths = readdirSync(from, { recursive: true, encoding: 'utf8' });
  const items = paths
    .filter((path) => statSync(join(from, path)).isFile() && path.includes('/'))
    .map((path) => ({ key: path.replaceAll('/', '.'), path }));
  for (const { key, path } of items) copyFileSync(join(from, path), join(to, key));
  return items;
}

function mounted(items: readonly Item[]) {
  const path = '/spec/template/spec/volumes/1/configMap/items';
  return {
    target: { name: 'hub-functions-services', kind: 'Service' },
    patch: [{ op: 'replace', path, value: items }],
  };
}
