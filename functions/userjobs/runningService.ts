// The service that a user job is for: it runs, or is being started, and is the caller's own.
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../lib/labels';
import { anchorName, anchorSelector } from '../../lib/services/names';
import type { Context } from './context';
import { serviceFor, type Named } from './matching';

interface Running extends Named {
  readonly object: KubeObject;
}

/** Its anchor; undefined when there is none. */
export async function findRunningService(
  context: Context,
  { credential, service }: { readonly credential: string; readonly service: string },
  call: Call,
): Promise<KubeObject | undefined> {
  return (
    (await byName(context, { credential, servername: service }, call)) ?? among(context, { credential, service }, call)
  );
}

/** Most are called like their service: one object is read, not all of a hub's. */
async function byName({ kube, settings }: Context, sought: { credential: string; servername: string }, call: Call) {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: settings.namespace, name: anchorName(sought) };
  const found = await kube.get<KubeObject>(ref, call);
  return found !== undefined && isActive(found) && toRunning(found).servername === sought.servername
    ? found
    : undefined;
}

async function among(
  { kube, settings }: Context,
  { credential, service }: { readonly credential: string; readonly service: string },
  call: Call,
): Promise<KubeObject | undefined> {
  const labelSelector = `${anchorSelector({ credential })},${LABELS.phase}=active`;
  const selection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: settings.namespace, labelSelector };
  const { items } = await kube.list<KubeObject>({ ...selection, metadataOnly: true }, call);
  return serviceFor(service, items.map(toRunning))?.object;
}

function isActive({ metadata }: KubeObject): boolean {
  return metadata?.labels?.[LABELS.phase] === 'active';
}

function toRunning(object: KubeObject): Running {
  const annotations = object.metadata?.annotations ?? {};
  return {
    servername: annotations[ANNOTATIONS.servername] ?? '',
    startId: annotations[ANNOTATIONS.startId] ?? '',
    object,
  };
}
