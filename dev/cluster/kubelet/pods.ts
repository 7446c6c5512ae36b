// All pods of this machine: each gets a worker when it is bound, and is cleaned up behind when it is gone.
import { rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ObjectMeta } from '../../../lib/kube/objects';
import { NODE_NAME } from '../controllers/bootstrap';
import { PODS } from '../controllers/client';
import { isFinished } from '../controllers/podState';
import type { Pod } from '../controllers/wire';
import { podFolder, startPod, type Node, type PodWorker } from './podWorker';

export interface Pods {
  readonly changed: (pod: Pod, previous: Pod | undefined) => void;
  readonly deleted: (pod: Pod) => void;
  /** A ConfigMap, a Secret or a claim. */
  readonly sourceChanged: (metadata: ObjectMeta) => void;
  readonly stop: () => Promise<void>;
}

interface Kept {
  readonly pod: Pod;
  readonly worker: PodWorker;
  /** The whole spec as text: what it does not mention does not concern the pod. */
  readonly words: string;
  isLeaving: boolean;
}

/** How long processes have when the kubelet itself ends, or when their pod is gone already. */
const SHORT_GRACE_MS = 2000;

export function createPods(node: Node): Pods {
  const kept = new Map<string, Kept>();
  const cleaning = new Set<Promise<void>>();

  const begin = (pod: Pod): void => {
    if (pod.spec.nodeName !== NODE_NAME || isFinished(pod)) return;
    const isDeleted = pod.metadata.deletionTimestamp !== undefined;
    if (isDeleted) removePod(node, pod);
    else kept.set(pod.metadata.uid, keep(node, pod));
  };

  return {
    changed: (pod, previous) => {
      const { uid, deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
      const entry = kept.get(uid);
      if (entry === undefined) begin(pod);
      else if (deletionTimestamp !== undefined) leave(node, entry, deletionGracePeriodSeconds * 1000);
      else if (tellsOtherFields(pod, previous)) entry.worker.changed();
    },
    deleted: ({ metadata }) => {
      const entry = kept.get(metadata.uid);
      if (entry === undefined) return;
      kept.delete(metadata.uid);
      const cleaned = cleanUp(node, entry).finally(() => cleaning.delete(cleaned));
      cleaning.add(cleaned);
    },
    sourceChanged: ({ namespace, name }) => {
      for (const { pod, words, worker } of kept.values()) {
        if (pod.metadata.namespace === namespace && words.includes(`"${name}"`)) worker.changed();
      }
    },
    stop: async () => {
      const workers = [...kept.values()].map(({ worker }) => worker);
      for (const worker of workers) worker.end(SHORT_GRACE_MS);
      await Promise.all([...workers.map(({ done }) => done), ...cleaning]);
    },
  };
}

function keep(node: Node, pod: Pod): Kept {
  return { pod, words: JSON.stringify(pod.spec), worker: startPod(node, pod), isLeaving: false };
}

function removePod({ client }: Node, pod: Pod): void {
  client.remove(PODS.type, pod, { gracePeriodSeconds: 0 });
}

/** A pod under deletion goes when its last process has gone; a shorter grace may come later. */
function leave(node: Node, entry: Kept, graceMs: number): void {
  entry.worker.end(graceMs);
  if (entry.isLeaving) return;
  entry.isLeaving = true;
  void entry.worker.done.then(() => removePod(node, entry.pod));
}

async function cleanUp({ options }: Node, { pod, worker }: Kept): Promise<void> {
  worker.end(SHORT_GRACE_MS);
  await worker.done;
  await rm(podFolder(options.stateDir, pod.metadata.uid), { recursive: true, force: true });
}

/** Labels and annotations are shown to containers in files; the deadline is all else that may change of a pod that runs. */
function tellsOtherFields(pod: Pod, previous: Pod | undefined): boolean {
  return !isDeepStrictEqual(tellingFields(pod), tellingFields(previous));
}

function tellingFields(pod: Pod | undefined): readonly unknown[] {
  return [pod?.metadata.labels, pod?.metadata.annotations, pod?.spec.activeDeadlineSeconds];
}
