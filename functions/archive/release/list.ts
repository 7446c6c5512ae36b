// GET /archives/release: what is on its way out, and what holds it up.
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Context } from '../context';
import { RELEASE_KIND, selectorOf } from '../names';
import { releaseView, toRelease } from './release';

const PAGE = 500;

export async function listReleases({ kube, settings }: Context, call: Call): Promise<readonly object[]> {
  const selection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: settings.namespace, limit: PAGE } as const;
  const found: object[] = [];
  const pages = kube.pages<KubeObject>(
    { ...selection, labelSelector: selectorOf(RELEASE_KIND), metadataOnly: true },
    call,
  );
  for await (const page of pages) found.push(...page.flatMap((object) => toRelease(object) ?? []).map(releaseView));
  return found;
}
