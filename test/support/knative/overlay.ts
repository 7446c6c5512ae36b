// An operator's own values beside dist/deploy, which is what `npm run build:images` wrote, and the impatience of tests.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface OwnValues {
  /** Beside or instead of sections of the sample config.json; `services` key by key. */
  readonly config?: Readonly<
    Partial<Record<'services' | 'hubs' | 'jobs' | 'archive' | 'intake' | 'reaper' | 'userjobs' | 'tunnel', object>>
  >;
  /** More descriptions of the hub, or others in place of the samples: the text of their service.yaml by name. */
  readonly descriptions?: Readonly<Record<string, string>>;
  /** There before anything else: texts by key by name. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of all timers, which are silent otherwise: each sweep wakes a function. */
  readonly schedule?: string;
}

/** Of the sample descriptions. */
export const HUB = 'jupyterhub';
const ONCE_A_YEAR = '0 0 1 1 *';
export const EVERY_FEW_SECONDS = '*/5 * * * * *';
const VISIBILITY = '/metadata/labels/networking.knative.dev~1visibility';
/** Pods that end keep what they requested for half a minute, and Knative itself has most of two cores. */
const MODEST = { op: 'replace', path: '/spec/template/spec/containers/0/resources/requests/cpu', value: '1m' };
const IMPATIENT_REAPER = [
  { name: 'REAPER_DRY_RUN', value: 'false' },
  { name: 'START_DEADLINE_SECONDS', value: '60' },
].map((value) => ({ op: 'add', path: '/spec/template/spec/containers/0/env/-', value }));

/** Answers the folder, which is the caller's to remove. */
export function writeOverlay(namespace: string, values: OwnValues = {}): string {
  const { config = {}, descriptions = {}, schedule = ONCE_A_YEAR } = values;
  const folder = resolve('dist', `deploy-${namespace}`);
  const names = Object.keys(descriptions);
  mkdirSync(folder);
  writeFileSync(resolve(folder, 'config.json'), JSON.stringify(configWith(config)));
  for (const name of names) writeFileSync(resolve(folder, keyOf(name)), descriptions[name] ?? '');
  const overlay = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['../deploy'],
    configMapGenerator: [
      { name: 'hub-functions-config', behavior: 'replace', files: ['config.json'] },
      { name: 'hub-functions-descriptions', behavior: 'merge', files: names.map(keyOf) },
    ],
    patches: patches(names, schedule),
  };
  writeFileSync(resolve(folder, 'kustomization.yaml'), JSON.stringify(overlay));
  return folder;
}

/** Tests stand outside of the cluster, so the ingress must know the way. */
function patches(names: readonly string[], schedule: string): readonly object[] {
  const service = { group: 'serving.knative.dev', kind: 'Service' };
  const items = names.filter(isNew).map((name) => ({
    op: 'add',
    path: '/spec/template/spec/volumes/1/configMap/items/-',
    value: { key: keyOf(name), path: `${HUB}/${name}/service.yaml` },
  }));
  const all: readonly (readonly [target: object, patch: readonly object[]])[] = [
    [service, [{ op: 'remove', path: VISIBILITY }, MODEST]],
    [{ ...service, name: 'hub-functions-services' }, items],
    [{ ...service, name: 'hub-functions-reaper' }, IMPATIENT_REAPER],
    [{ kind: 'PingSource' }, [{ op: 'replace', path: '/spec/schedule', value: schedule }]],
  ];
  return all.flatMap(([target, patch]) => (patch.length > 0 ? [{ target, patch: JSON.stringify(patch) }] : []));
}

/** The samples are mounted already. */
function isNew(name: string): boolean {
  return !existsSync(resolve('descriptions', HUB, name));
}

function configWith({ services, ...others }: NonNullable<OwnValues['config']>): object {
  const sample = JSON.parse(readFileSync('descriptions/config.json', 'utf8')) as { readonly services: object };
  return { ...sample, ...others, services: { ...sample.services, ...services } };
}

function keyOf(name: string): string {
  return `${HUB}.${name}.service.yaml`;
}
