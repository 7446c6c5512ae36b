// Keeps a StatefulSet's numbered pods, one after another, each with claims of its own.
import { isAlreadyExists, PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS, type Client } from './client';
import { keysOfKind, parseKey } from './ownership';
import { isFinished, isReady } from './podState';
import { createPod, deletePod, templateHash, type PodTemplate } from './podTemplate';
import type { Controller } from './reconcile';
import type { ControllerContext } from './replicaSets';
import { planStatefulSet } from './statefulSetPlan';
import type { Pod, StatefulSet } from './wire';

const REVISION_LABEL = 'controller-revision-hash';

export function statefulSets(context: ControllerContext): Controller {
  return {
    name: 'statefulset',
    keysOf: (event) => keysOfKind('StatefulSet', event),
    reconcile: (key) => {
      const { namespace, name } = parseKey(key);
      const set = context.client.get(STATEFUL_SETS, namespace, name);
      if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
      applyPlan(context, set);
      writeStatus(context.client, set);
    },
  };
}

function podsOf(client: Client, set: StatefulSet): readonly Pod[] {
  return client.controlledBy(PODS, set);
}

function revisionOf({ metadata, spec }: StatefulSet): string {
  return `${metadata.name}-${templateHash(spec.template)}`;
}

function applyPlan({ client, record }: ControllerContext, set: StatefulSet): void {
  const isCurrent = ({ metadata }: Pod): boolean => metadata.labels?.[REVISION_LABEL] === revisionOf(set);
  const plan = planStatefulSet(set, podsOf(client, set), isCurrent);
  for (const pod of plan.remove) deletePod(client, record, { owner: set, pod });
  for (const ordinal of plan.create) {
    const name = `${set.metadata.name}-${ordinal}`;
    createClaims(client, set, name);
    const labels = {
      [REVISION_LABEL]: revisionOf(set),
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
    };
    createPod(client, record, { owner: set, template: templateWithClaims(set, name), name, labels });
  }
}

function createClaims(client: Client, { metadata, spec }: StatefulSet, pod: string): void {
  for (const template of spec.volumeClaimTemplates ?? []) {
    const name = `${template.metadata?.name ?? ''}-${pod}`;
    const labels = { ...template.metadata?.labels, ...spec.selector.matchLabels };
    try {
      client.create(PERSISTENT_VOLUME_CLAIMS, {
        metadata: { name, namespace: metadata.namespace, labels },
        spec: template.spec,
        status: { phase: 'Pending' },
      });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }
}

function templateWithClaims({ spec }: StatefulSet, pod: string): PodTemplate {
  const { template } = spec;
  if (template.spec === undefined) return template;
  const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => {
    const name = metadata?.name ?? '';
    return { name, persistentVolumeClaim: { claimName: `${name}-${pod}` } };
  });
  const others = (template.spec.volumes ?? []).filter(({ name }) => !claims.some((claim) => claim.name === name));
  const hostname = { hostname: pod, ...(spec.serviceName ? { subdomain: spec.serviceName } : {}) };
  return { ...template, spec: { ...template.spec, ...hostname, volumes: [...others, ...claims] } };
}

function writeStatus(client: Client, set: StatefulSet): void {
  const pods = podsOf(client, set).filter((pod) => !isFinished(pod));
  const updateRevision = revisionOf(set);
  const updated = pods.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === updateRevision);
  const ready = pods.filter(isReady).length;
  const isRolledOut = updated.length === pods.length;
  const currentRevision = isRolledOut ? updateRevision : (set.status?.currentRevision ?? updateRevision);
  const status = {
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    updatedReplicas: updated.length,
    currentReplicas: isRolledOut ? updated.length : pods.length - updated.length,
    currentRevision,
    updateRevision,
    observedGeneration: set.metadata.generation,
    collisionCount: 0,
  };
  client.modify(STATEFUL_SETS, set, (latest) => ({ ...latest, status }));
}
