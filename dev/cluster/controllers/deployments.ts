// Rolls a Deployment's template out: a ReplicaSet per template, scaled step by step.
import { DEPLOYMENTS, REPLICA_SETS, type Client } from './client';
import { planPaused, planRollout, specReplicas, type Scaling } from './deploymentPlan';
import { deploymentStatus, msUntilDeadline } from './deploymentStatus';
import { controllerReference, keysOfKind, parseKey } from './ownership';
import { templateHash } from './podTemplate';
import type { Controller } from './reconcile';
import type { ControllerContext } from './replicaSets';
import type { Deployment, ReplicaSet } from './wire';

const HASH_LABEL = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export function deployments(context: ControllerContext): Controller {
  return {
    name: 'deployment',
    keysOf: (event) => keysOfKind('Deployment', event),
    reconcile: (key) => {
      const { namespace, name } = parseKey(key);
      const deployment = context.client.get(DEPLOYMENTS, namespace, name);
      if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return undefined;
      rollOut(context, deployment);
      return writeStatus(context, deployment);
    },
  };
}

/** Oldest revision first. */
function replicaSetsOf(client: Client, deployment: Deployment): readonly ReplicaSet[] {
  return client.controlledBy(REPLICA_SETS, deployment).toSorted((a, b) => revisionOf(a) - revisionOf(b));
}

function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

function newestOf(deployment: Deployment, all: readonly ReplicaSet[]): ReplicaSet | undefined {
  const hash = templateHash(deployment.spec.template);
  return all.find(({ metadata }) => metadata.labels?.[HASH_LABEL] === hash);
}

function rollOut(context: ControllerContext, deployment: Deployment): void {
  const all = replicaSetsOf(context.client, deployment);
  if (deployment.spec.paused === true) {
    const latest = newestOf(deployment, all) ?? all.at(-1);
    if (latest === undefined) return;
    const others = all.filter((each) => each !== latest);
    scale(context, deployment, planPaused(deployment, latest, others));
    return;
  }
  const newest = newestOf(deployment, all) ?? createReplicaSet(context, deployment);
  const older = all.filter((each) => each.metadata.uid !== newest.metadata.uid);
  markRevision(context.client, deployment, { newest, revision: nextRevision(newest, older) });
  scale(context, deployment, planRollout(deployment, newest, older));
  forgetHistory(context.client, deployment, older);
}

function createReplicaSet({ client }: ControllerContext, deployment: Deployment): ReplicaSet {
  const { metadata, spec } = deployment;
  const hash = templateHash(spec.template);
  const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
  const { [LAST_APPLIED]: _applied, ...annotations } = metadata.annotations ?? {};
  return client.create(REPLICA_SETS, {
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels,
      annotations: { ...annotations, [REVISION]: '0' },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      minReadySeconds: spec.minReadySeconds,
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  });
}

function nextRevision(newest: ReplicaSet, older: readonly ReplicaSet[]): number {
  const highest = Math.max(0, ...older.map(revisionOf));
  return revisionOf(newest) > highest ? revisionOf(newest) : highest + 1;
}

function markRevision(
  client: Client,
  deployment: Deployment,
  { newest, revision }: { newest: ReplicaSet; revision: number },
): void {
  const marked = <T extends Deployment | ReplicaSet>(object: T): T => ({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [REVISION]: String(revision) } },
  });
  client.modify(REPLICA_SETS, newest, marked);
  client.modify(DEPLOYMENTS, deployment, marked);
}

function scale({ client, record }: ControllerContext, deployment: Deployment, scalings: readonly Scaling[]): void {
  for (const { replicaSet, replicas } of scalings) {
    const from = specReplicas(replicaSet);
    client.modify(REPLICA_SETS, replicaSet, (latest) => ({ ...latest, spec: { ...latest.spec, replicas } }));
    const direction = replicas > from ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${replicaSet.metadata.name} from ${from} to ${replicas}`;
    record(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
  }
}

function forgetHistory(client: Client, { spec }: Deployment, older: readonly ReplicaSet[]): void {
  const empty = older.filter((each) => specReplicas(each) === 0 && (each.status?.replicas ?? 0) === 0);
  const surplus = Math.max(0, empty.length - (spec.revisionHistoryLimit ?? 10));
  for (const replicaSet of empty.slice(0, surplus)) client.remove(REPLICA_SETS.type, replicaSet);
}

function writeStatus({ client, clock }: ControllerContext, stale: Deployment): number | undefined {
  const { namespace, name } = stale.metadata;
  const deployment = client.get(DEPLOYMENTS, namespace, name);
  if (deployment === undefined) return undefined;
  const now = clock();
  const all = replicaSetsOf(client, deployment);
  const status = deploymentStatus(deployment, { newest: newestOf(deployment, all), all, now });
  client.modify(DEPLOYMENTS, deployment, (latest) => ({ ...latest, status }));
  return msUntilDeadline(deployment, status, now);
}
