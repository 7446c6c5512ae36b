// Services on a user's claim that stays, and is filled from its archive when it is made again.
import type { KubeObject } from '../../lib/kube/objects';
import type { ArchiveObject, Archives } from './archives';
import type { Answer } from './httpClient';
import { eventually } from './eventually';
import { mainDeployment, yaml, type Manifest } from './manifests';

const RESTORE = 'hub-functions/restore';

export interface Spawns {
  /** A service on `claim-<user>`, as the hub starts it for that user. */
  readonly start: (user: string, startId: string, service?: string) => Promise<Answer>;
  readonly stop: (user: string) => Promise<void>;
  /** Sweeps of the function until it runs. */
  readonly running: (user: string) => Promise<void>;
  /** The pods of the user's service. */
  readonly podsOf: (user: string) => Promise<readonly KubeObject[]>;
  /** Until there is one that is held back by our gate. */
  readonly held: (user: string) => Promise<KubeObject>;
  readonly claim: (user: string) => Promise<KubeObject | undefined>;
  /** A claim with these files that was archived, and is gone. */
  readonly archived: (user: string, script: string) => Promise<ArchiveObject>;
}

export function claimOf(name: string, annotations: Readonly<Record<string, string>> = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, annotations: { [RESTORE]: 'latest', 'hub.jupyter.org/username': '<user_name>', ...annotations } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
  };
}

/** With the claim at /home. */
export function onClaim(name: string): Manifest {
  return mainDeployment({
    container: { volumeMounts: [{ name: 'home', mountPath: '/home' }] },
    pod: { volumes: [{ name: 'home', persistentVolumeClaim: { claimName: name } }] },
  });
}

export function createSpawns(archives: Archives): Spawns {
  const { world, caller, claims, backUp, rested } = archives;
  const { hub, cluster, workspace } = world;
  const { kube } = cluster;
  workspace.describe('home', { 'service.yaml': yaml(onClaim('claim-<user_name>'), claimOf('claim-<user_name>')) });
  const podsOf: Spawns['podsOf'] = async (user) =>
    (await kube.list('pods')).filter(({ metadata }) => metadata?.name?.startsWith(`deployment-main-${user}-`));
  const claim: Spawns['claim'] = async (user) => kube.get('persistentvolumeclaims', `claim-${user}`);
  return {
    start: async (user, startId, service = 'home') =>
      hub.start(user, { service, startId, env: { JUPYTERHUB_USER: user } }),
    stop: async (user) => {
      await hub.stop(user);
      await eventually(async () => ((await podsOf(user)).length === 0 ? true : undefined), 60);
    },
    running: async (user) =>
      void (await eventually(async () => {
        await caller.ping();
        const polled = await hub.poll(user);
        if (polled.running && polled.status.phase === 'running') return true;
        throw new Error(`not yet: ${JSON.stringify(polled)}`);
      }, 90)),
    podsOf,
    held: async (user) =>
      eventually(async () => {
        const pods = await podsOf(user);
        return pods.find(({ status }) => JSON.stringify(status).includes('SchedulingGated'));
      }, 30),
    claim,
    archived: async (user, script) => {
      await claims.create(`claim-${user}`);
      await claims.run(`claim-${user}`, script);
      const made = await rested(await backUp(`claim-${user}`));
      await kube.remove('persistentvolumeclaims', `claim-${user}`);
      await eventually(async () => ((await claim(user)) === undefined ? true : undefined), 40);
      return made;
    },
  };
}
