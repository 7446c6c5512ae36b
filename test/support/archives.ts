// What an operator and users do with archives; movers are the real program with the real restic.
import { resolve } from 'node:path';
import type { KubeObject } from '../../lib/kube/objects';
import { basic, WEB_SERVICE } from './credentialFiles';
import { eventually } from './eventually';
import type { FunctionEnvironment, FunctionProcess } from './functionProcess';
import type { Answer, Sent } from './httpClient';
import { BUSYBOX } from './manifests';
import { isOver } from './movers';
import { callerOf, UPDATED, type Caller } from './statusFunction';
import type { TestCluster } from './testCluster';
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
  readonly environment: FunctionEnvironment;
}

export interface Claims {
  readonly create: (name: string, user?: string, accessMode?: string) => Promise<KubeObject>;
  /** Runs a shell in a pod that has the claim at /data; answers its log. */
  readonly run: (name: string, script: string) => Promise<string>;
  /** A pod has it, with a wish of its own perhaps, until it is let go. */
  readonly hold: (name: string, wish?: object) => Promise<() => Promise<void>>;
}

const OPERATOR = 'hub-a';
/** Of credentials that may do everything with archives. */
export const OPERATORS = [WEB_SERVICE, 'access_to_archives'];
export const MOVER_IMAGE = process.env['MOVER_IMAGE'] ?? 'dev.local/hub-functions-mover:0.1.0';

const MOVER_PROGRAM = process.env['MOVER_PROGRAM'] ?? resolve(process.env['DIST_DIR'] ?? 'dist', 'mover/index.js');
const RETELL_MS = 2_000;

/** `more`: other sections of config.json. */
export async function createArchives(archive: object = {}, more: object = {}): Promise<Archives> {
  const world = await createWorld({ config: { archive: { drill_days: 0, verify: false, ...archive }, ...more } });
  world.workspace.setCredential(OPERATOR, { groups: OPERATORS });
  const claims = claimsOf(world.cluster);
  if (!('repository' in archive)) await claims.create('archive-repository', '');
  const environment = moverEnvironment(world);
  const instance = await world.addFunction('archive', environment);
  return { world, environment, claims, ...actingOn(world, instance) };
}

/** On the embedded cluster a mover is a process of this machine. */
export function moverEnvironment({ cluster }: Pick<World, 'cluster'>): FunctionEnvironment {
  return cluster.embedded === undefined
    ? { MOVER_IMAGE }
    : { MOVER_IMAGE: 'local/hub-functions-mover:1', MOVER_PROGRAM };
}

export function apiOf(
  instance: Pick<FunctionProcess, 'request'>,
  credential = OPERATOR,
): Pick<Archives, 'send' | 'backUp' | 'ask'> {
  const send: Archives['send'] = async (method, path, { headers, ...sent } = {}) =>
    instance.request(method, path, { ...sent, headers: { authorization: basic(credential), ...headers } });
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

export type Acting = Omit<Archives, 'world' | 'claims' | 'environment'>;

export function actingOn({ cluster }: Pick<World, 'cluster'>, instance: FunctionProcess): Acting {
  const api = apiOf(instance);
  const caller = callerOf(instance, cluster.kube);
  const get: Archives['get'] = async (id) => (await api.send('GET', `/archives/${id}`)).body as ArchiveObject;
  const told = new Map<string, number>();
  /** Of each change, as a source of events does; and of what has ended again after a while, as sweeps find it. */
  const tellChanges = async (): Promise<void> => {
    for (const job of await cluster.kube.list('jobs', 'hub-functions/kind=archive-mover')) {
      const { uid, resourceVersion } = job.metadata ?? {};
      const change = `${uid} ${resourceVersion}`;
      const isDue = performance.now() - (told.get(change) ?? 0) > RETELL_MS;
      if (told.has(change) && !(isOver(job) && isDue)) continue;
      told.set(change, performance.now());
      await caller.send(UPDATED, { apiVersion: 'batch/v1', kind: 'Job', ...job });
    }
  };
  const rested: Archives['rested'] = async ({ id }) =>
    eventually(async () => {
      await tellChanges();
      const archive = await get(id);
      if (archive.operation === undefined) return archive;
      throw new Error(
        `archive ${id} is ${archive.operation.verb}: ${archive.operation.phase}, ${archive.operation.message}`,
      );
    }, 90);
  return { instance, caller, get, rested, ...api };
}

let pods = 0;

export function claimsOf({ kube, namespace }: Pick<TestCluster, 'kube' | 'namespace'>): Claims {
  const podWith = async (claim: string, script: string, wish: object = {}): Promise<string> => {
    pods += 1;
    const name = `hand-${pods}`;
    await kube.create('pods', {
      metadata: { name },
      spec: {
        ...wish,
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
    create: async (name, user = name.replace(/^claim-/, ''), accessMode = 'ReadWriteOnce') =>
      kube.create('persistentvolumeclaims', {
        metadata: { name, ...(user !== '' && { annotations: { 'hub.jupyter.org/username': user } }) },
        spec: { accessModes: [accessMode], resources: { requests: { storage: '64Mi' } } },
      }),
    run: async (claim, script) => {
      const name = await podWith(claim, script);
      await eventually(async () => (['Succeeded', 'Failed'].includes(await phaseOf(name)) ? true : undefined), 60);
      const { body } = await kube.send('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log`);
      const phase = await phaseOf(name);
      await remove(name);
      if (phase !== 'Succeeded') throw new Error(`the pod with ${claim} failed: ${JSON.stringify(body)}`);
      return textOf(body);
    },
    hold: async (claim, wish) => {
      const name = await podWith(claim, 'sleep 600', wish);
      await eventually(async () => ((await phaseOf(name)) === 'Running' ? true : undefined), 60);
      return async () => remove(name);
    },
  };
}

/** The client reads JSON; a log is kept as `text` where it is none. */
function textOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'text' in body ? String(body.text) : JSON.stringify(body);
}
