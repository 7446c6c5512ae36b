// Users of a hub who submit, with the sample of descriptions/submission, and claims as a hub and an operator have them.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tokenOf } from '../credentialFiles';
import { eventually } from '../eventually';
import type { FunctionProcess } from '../functionProcess';
import type { Answer } from '../httpClient';
import { startHubTokens } from '../hubTokens';
import { createJobSets, type JobSets } from '../jobSets';

export interface SubmissionState {
  readonly id: string;
  readonly phase: string;
  readonly reason?: string;
  readonly stages: readonly StageShown[];
}

interface StageShown {
  readonly name: string;
  readonly phase: string;
  readonly message?: string;
  readonly exitCode?: number;
}

export interface Submissions {
  readonly sets: JobSets;
  readonly intake: FunctionProcess;
  readonly publicKey: KeyObject;
  readonly as: (user: string) => (method: string, path: string, json?: object, key?: string) => Promise<Answer>;
  readonly ended: (user: string, id: string) => Promise<SubmissionState>;
  /** What a command writes that has all claims at `/claims/NAME`. */
  readonly shell: (cmd: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

const CLAIMS = ['claim-alice', 'claim-bob', 'assignments', 'submissions'];
/** Both clusters have it. */
const IMAGE = 'dev.local/node:1';

export async function createSubmissions(): Promise<Submissions> {
  const hub = await startHubTokens({
    'token-of-alice': { kind: 'user', name: 'alice', admin: false },
    'token-of-bob': { kind: 'user', name: 'bob', admin: true },
    // Has no claim.
    'token-of-carol': { kind: 'user', name: 'carol' },
    'token-of-jane': { kind: 'user', name: 'Jane.Doe' },
    'token-of-service': { kind: 'service', name: 'alice' },
  });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const submission = { credentials: ['hub-a'], claims: ['claim-*', 'assignments', 'submissions'] };
  const values = {
    profile: 'submission',
    image: IMAGE,
    claimSize: '16Mi',
    assignments: 'assignments',
    store: 'submissions',
  };
  const submissions = {
    folder: resolve('descriptions/submission'),
    values,
    hub: 'hub-a',
  };
  const config = { hubs: { 'hub-a': [hub.url] }, intake: { submissions } };
  const sets = await createJobSets({ profiles: { submission } }, config).catch((error: unknown) => {
    hub.close();
    throw error;
  });
  const { world } = sets;
  const secrets = join(world.workspace.root, 'intake');
  mkdirSync(secrets);
  writeFileSync(join(secrets, 'token.hub-a'), tokenOf('hub-a'));
  writeFileSync(join(secrets, 'secret.receipt-key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const intake = await world.addFunction('intake', { INTAKE_SECRETS: secrets, JOBS_URL: sets.instance.url });
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '16Mi' } } };
  for (const name of CLAIMS) await world.cluster.kube.create('persistentvolumeclaims', { metadata: { name }, spec });
  const as: Submissions['as'] = (user) => async (method, path, json, key) =>
    intake.request(method, path, {
      ...(json !== undefined && { json }),
      headers: { authorization: `token token-of-${user}`, ...(key !== undefined && { 'idempotency-key': key }) },
    });
  return {
    sets,
    intake,
    publicKey,
    as,
    ended: async (user, id) =>
      eventually(async () => {
        const { body } = await as(user)('GET', `/submissions/${id}`);
        const state = body as SubmissionState;
        if (['succeeded', 'failed', 'cancelled'].includes(state.phase)) return state;
        throw new Error(JSON.stringify(body));
      }, 90),
    shell: async (cmd) => {
      const claims = CLAIMS.map((name) => ({ name, mountPath: `/claims/${name}` }));
      const { metadata } = await sets.ended(await sets.submit({ cmd, profile: 'submission', claims }));
      return (await sets.logs(metadata.name)).text;
    },
    close: async () => {
      hub.close();
      await sets.close();
    },
  };
}
