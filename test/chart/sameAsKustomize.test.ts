// The chart installs what deploy/knative and deploy/openfaas install, object by object: both ways are the same thing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../lib/kube/objects';
import { nameOf, render } from '../support/chart/helm';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
/** Of helm, of the chart, and of the test that it brings. */
const CHARTS_OWN =
  /^(app\.kubernetes\.io\/(name|instance|version|managed-by|component)|helm\.sh\/.*|hub-functions\/files)$/;

function kustomized(folder: string): readonly KubeObject[] {
  const text = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  return parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
}

/** With what only one of the two has taken off. */
function comparable(object: KubeObject): unknown {
  const text = JSON.stringify(object, (key, value: unknown) => {
    // kustomize adds a hash to the names of ConfigMaps.
    if (typeof value === 'string') {
      const plain = value.replace(/^(hub-functions-(?:config|descriptions|submission))-[a-z0-9]{10}$/, '$1');
      return /^hub-functions-[a-z]+$/.test(plain) && ['image', 'value'].includes(key) ? `${plain}:${version}` : plain;
    }
    if ((key === 'labels' || key === 'annotations') && typeof value === 'object' && value !== null) {
      const left = Object.entries(value).filter(([name]) => !CHARTS_OWN.test(name));
      return left.length > 0 ? Object.fromEntries(left) : undefined;
    }
    return value;
  });
  const copy = JSON.parse(text) as KubeObject & { data?: Record<string, string> };
  // The text of a file is the same file; config.json is made anew.
  const config = copy.data?.['config.json'];
  return config === undefined ? copy : { ...copy, data: JSON.parse(config) as unknown };
}

function byName(objects: readonly KubeObject[]): Record<string, unknown> {
  const all = objects.map((object) => comparable(object) as KubeObject);
  return Object.fromEntries(all.map((object) => [`${object.apiVersion} ${nameOf(object)}`, object]));
}

/** A Job for each release, where hubs are connected; kustomize has it always, and it ends by itself. */
const RESTART = 'hub-functions-userjobs-restart';

test('with default values it is deploy/knative', async () => {
  const wanted = kustomized('deploy/knative').filter(({ metadata }) => metadata?.name !== RESTART);
  const rendered = (await render()).filter(({ metadata }) => metadata?.name !== 'hub-functions-test');

  expect(wanted.length).toBeGreaterThan(50);
  expect(byName(rendered)).toEqual(byName(wanted));
});

test('where hubs are connected each release tells them, with the same Job', async () => {
  const wanted = kustomized('deploy/knative').find(({ metadata }) => metadata?.name === RESTART);
  const tunnel = [{ hostname: 'system', restart_url: 'http://hub/' }];
  const rendered = (await render({ config: { tunnel } })).find(({ metadata }) => metadata?.name === `${RESTART}-1`);

  const { metadata: _, ...same } = comparable(wanted!) as { metadata: object; spec: object };
  expect(comparable(rendered!)).toMatchObject({ ...same, spec: { ...same.spec, ttlSecondsAfterFinished: 3600 } });
});

/** helm puts what has no namespace into that of the release. */
function inRelease({ metadata: { namespace, ...metadata } = {}, ...object }: KubeObject): KubeObject {
  return { ...object, metadata: { ...metadata, ...(namespace !== 'jhub' && { namespace }) } };
}

test.each([
  ['community', false],
  ['accounts', true],
])('what OpenFaaS lacks is deploy/openfaas/%s', async (edition, serviceAccounts) => {
  const wanted = kustomized(`deploy/openfaas/${edition}`).map(inRelease);
  const rendered = await render({ platform: 'openfaas', openfaas: { serviceAccounts } });
  const others = rendered.filter(({ kind }) => kind !== 'Secret');
  // Made by secrets.mjs for those who install without helm.
  const secrets = rendered.filter(({ kind }) => kind === 'Secret');

  expect(wanted.length).toBeGreaterThan(20);
  expect(byName(others)).toEqual(byName(wanted));
  expect(secrets.map(nameOf)).toEqual(['Secret/hub-functions-config', 'Secret/hub-functions-descriptions']);
});
