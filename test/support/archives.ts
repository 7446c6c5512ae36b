// What an operator and users do with archives; movers are the real program with the real restic.
import { resolve } from 'node:path';
import type { KubeObject } from '../../lib/kube/objects';
import { basic, WEB_SERVICE } from './credentialFiles';
import { eventually } from './eventually';
import type { FunctionEnvironment, FunctionProcess } from './functionProcess';
import type { Answer, Sent } from './httpClient';
import { BUSYBOX } from './manifests';
import { callerOf, UPDATED, type Caller } from './statusFunction';
import { createWorld, type World } from './world';

export interface ArchiveObject {
  readonly id: string;
  readonly claim: string;
  readonly user: string;
  readonly phase: string;
  readonly files?: number;
  readonly bytes?: number;
  readonly snapshot?: string;
  readonly verifiedAt?: string;
  readonly drilledAt?: string;
  readonly hold: boolean;
  readonly last?: {
    readonly verb: string;
    readonly outcome: string;
    readonly reason?: string;
    readonly message?: string;
    readonly claim?: string;
  };
  readonly operation?: {
    readonly verb: string;
    readonly phase: string;
    readonly message: string;
    readonly progress?: object;
  };
}

export interface Archives {
  readonly world: World;
  readonly instance: FunctionProcess;
  readonly caller: Caller;
  /** As the operator, unless the headers say otherwise. */
  readonly send: (method: string, path: string, sent?: Sent) => Promise<Answer>;
  readonly get: (id: string) => Promise<ArchiveObject>;
  readonly backUp: (claim: string, more?: object) => Promise<ArchiveObject>;
  readonly ask: (archive: ArchiveObject, verb: string, json?: object) => Promise<ArchiveObject>;
  /** When nothing is being done with it any more: by sweeps and events alone. */
  readonly rested: (archive: ArchiveObject) => Promise<ArchiveObject>;
  readonly claims: Claims;
  /** The same API at another instance. */
  readonly at: (instance: FunctionProcess) => Pick<Archives, 'send' | 'backUp' | 'ask'>;
  readonly environment: FunctionEnvironment;
}

export interface Claims {
  readonly create: (name: string, user?: string) => Promise<KubeObject>;
  /** Runs a shell in a pod that has the claim at /data; answers its log. */
  readonly run: (name: string, script: string) => Promise<string>;
  readonly hold: (name: string) => Promise<() => Promise<void>>;
}

const OPERATOR = 'hub-a';

const MOVER_PROGRAM = process.env['MOVER_PROGRAM'] ?? resolve(process.env['DIST_DIR'] ?? 'dist', 'mover/index.js');

export async function createArchives(archive: object = {}, own: FunctionEnvironment = {}): Promise<Archives> {
  const world = await createWorld({ config: { archive: { drill_days: 0, verify: false, ...archive } } });
  world.workspace.setCredential(OPERATOR, { groups: [WEB_SERVICE, 'access_to_archives'] });
  const isEmbedded = world.cluster.embedded !== undefined;
  const environment = {
    MOVER_IMAGE: isEmbedded
      ? 'local/hub-functions-mover:1'
      : (process.env['MOVER_IMAGE'] ?? 'dev.local/hub-functions-mover:0.1.0'),
    ...(isEmbedded && { MOVER_PROGRAM }),
    ...own,
  };
  const claims = claimsOf(world);
  await claims.create('archive-repository', '');
  const instance = await world.addFunction('archive', environment);
  return { world, environment, claims, at: apiOf, ...actingOn(world, instance) };
}

export function apiOf(instance: FunctionProcess): Pick<Archives, 'send' | 'backUp' | 'ask'> {
  const send: Archives['send'] = async (method, path, { headers, ...sent } = {}) =>
    instance.request(method, path, { ...sent, headers: { authorization: basic(OPERATOR), ...headers } });
  const asked = async (path: string, json: object): Promise<ArchiveObject> => {
    const answer = await send('POST', path, { json });
    if (answer.status > 202) throw new Error(`POST ${path} was answered ${answer.status}: ${answer.text}`);
    return answer.body as ArchiveObject;
  };
  return {
    send,
    backUp: async (claim, more = {}) => asked('/archives', { claim, ...more }),
    ask: async ({ id }, verb, json = {}) => asked(`/archives/${id}/${verb}`, json),
  };
}

function actingOn({ cluster }: World, instance: FunctionProcess) {
  const api = apiOf(instance);
  const caller = callerOf(instance, cluster.kube);
  const get: Archives['get'] = async (id) => (await api.send('GET', `/archives/${id}`)).body as ArchiveObject;
  const rested: Archives['rested'] = async ({ id }) =>
    eventually(async () => {
      const jobs = await cluster.kube.list('jobs', 'hub-functions/kind=archive-mover');
      for (const job of jobs) await caller.send(UPDATED, { apiVersion: 'batch/v1', kind: 'Job', ...job });
      const archive = await get(id);
      if (archive.operation === undefined) return archive;
      throw new Error(
        `archive ${id} is ${archive.operation.verb}: ${archive.operation.phase}, ${archive.operation.message}`,
      );
    }, 90);
  return { instance, caller, get, rested, ...api };
}

let pods = 0;

function claimsOf({ cluster }: World): Claims {
  const { kube } = cluster;
  const podWith = async (claim: string, script: string): Promise<string> => {
    pods += 1;
    const name = `hand-${pods}`;
    await kube.create('pods', {
      metadata: { name },
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'main',
            image: BUSYBOX,
            imagePullPolicy: 'IfNotPresent',
            command: ['sh', '-ec', script],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
      },
    });
    return name;
  };
  const phaseOf = async (name: string): Promise<string> =>
    ((await kube.get('pods', name))?.['status'] as { readonly phase?: string } | undefined)?.phase ?? '';
  const remove = async (name: string): Promise<void> => {
    await kube.remove('pods', name);
    await eventually(async () => ((await kube.get('pods', name)) === undefined ? true : undefined), 40);
  };
  return {
    create: async (name, user = name.replace(/^claim-/, '')) =>
      kube.create('persistentvolumeclaims', {
        metadata: { name, ...(user !== '' && { annotations: { 'hub.jupyter.org/username': user } }) },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
      }),
    run: async (claim, script) => {
      const name = await podWith(claim, script);
      await eventually(async () => (['Succeeded', 'Failed'].includes(await phaseOf(name)) ? true : undefined), 60);
      const { body } = await kube.send('GET', `/api/v1/namespaces/${cluster.namespace}/pods/${name}/log`);
      const phase = await phaseOf(name);
      await remove(name);
      if (phase !== 'Succeeded') throw new Error(`the pod with ${claim} failed: ${JSON.stringify(body)}`);
      return textOf(body);
    },
    hold: async (claim) => {
      const name = await podWith(claim, 'sleep 600');
      await eventually(async () => ((await phaseOf(name)) === 'Running' ? true : undefined), 60);
      return async () => remove(name);
    },
  };
}

/** The client reads JSON; a log is kept as `text` where it is none. */
function textOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'text' in body ? String(body.text) : JSON.stringify(body);
}
