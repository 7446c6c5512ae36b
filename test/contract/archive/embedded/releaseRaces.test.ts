// Others come between two requests of a release: who undoes it, and who uses the claim. No volume goes with what is in it.
import { createArchives, type ArchiveObject, type Archives } from '../../../support/archives';
import { embeddedOf } from '../../../support/embedded';
import { eventually } from '../../../support/eventually';
import type { Answer } from '../../../support/httpClient';

jest.setTimeout(180_000);

/** Longer than what comes in between takes. */
const LATE_MS = 4_000;

let archives: Archives;
const kube = (): Archives['world']['cluster']['kube'] => archives.world.cluster.kube;

beforeAll(async () => {
  archives = await createArchives({ grace_days: 1 });
  // So that it is known from the beginning who uses what.
  await archives.caller.ping();
});

afterAll(async () => archives?.world.close());

interface Filled {
  readonly made: ArchiveObject;
  readonly uid: string | undefined;
  readonly volume: string;
}

async function filled(claim: string): Promise<Filled> {
  const { claims, rested, backUp, ask, caller } = archives;
  await claims.create(claim);
  await claims.run(claim, `echo ${claim} > /data/name`);
  const made = await rested(await ask(await rested(await backUp(claim)), 'verify'));
  await caller.ping();
  const found = await kube().get('persistentvolumeclaims', claim);
  const { volumeName: volume = '' } = (found?.['spec'] ?? {}) as { readonly volumeName?: string };
  return { made, uid: found?.metadata?.uid, volume };
}

async function policyOf(volume: string): Promise<string | undefined> {
  const { body } = await kube().send('GET', `/api/v1/persistentvolumes/${volume}`);
  return (body as { readonly spec?: { readonly persistentVolumeReclaimPolicy?: string } }).spec
    ?.persistentVolumeReclaimPolicy;
}

interface Met {
  readonly answer: Answer;
  /** Lets the claim go. */
  readonly end: () => Promise<void>;
}

/** A pod comes to use the claim while this request of its release is on its way. */
async function releaseMeeting(claim: string, request: OnItsWay): Promise<Met> {
  const held: (() => Promise<void>)[] = [];
  const answer = await releaseWith(claim, request, async () => held.push(await archives.claims.hold(claim)));
  return { answer, end: async () => void (await Promise.all(held.map(async (letGo) => letGo()))) };
}

interface OnItsWay {
  readonly verb: 'delete' | 'patch';
  readonly resource: string;
}

async function releaseWith(claim: string, request: OnItsWay, between: () => Promise<unknown>): Promise<Answer> {
  return askWith(async () => archives.send('POST', '/archives/release', { json: { claim } }), request, between);
}

/** `between` is done while this request of what is asked for is on its way. */
async function askWith(
  ask: () => Promise<Answer>,
  request: OnItsWay,
  between: () => Promise<unknown>,
): Promise<Answer> {
  const { faults, requests } = embeddedOf(archives.world);
  const before = requests().length;
  faults.inject({ match: request, at: 1, effect: { delayMs: LATE_MS } });
  const asked = ask();
  await eventually(async () => {
    const isOnItsWay = requests()
      .slice(before)
      .some(({ verb, resource }) => verb === request.verb && resource === request.resource);
    return isOnItsWay ? true : undefined;
  }, 30);
  await between();
  return asked;
}

const CLAIM_GOES = { verb: 'delete', resource: 'persistentvolumeclaims' } as const;
const RECORD_CHANGES = { verb: 'patch', resource: 'configmaps' } as const;
const VOLUME_STAYS = { verb: 'patch', resource: 'persistentvolumes' } as const;

test('a claim that was brought back is not deleted by a request that is still on its way', async () => {
  const { made, uid, volume } = await filled('claim-ada');
  const answer = await releaseWith('claim-ada', CLAIM_GOES, async () => {
    expect(await archives.send('POST', `/archives/${made.id}/undo`)).toMatchObject({
      status: 200,
      body: { phase: 'back' },
    });
  });

  expect((await kube().get('persistentvolumeclaims', 'claim-ada'))?.metadata?.uid).toBe(uid);
  expect(await policyOf(volume)).toBe('Delete');
  expect(await archives.claims.run('claim-ada', 'cat /data/name')).toBe('claim-ada\n');
  expect((await archives.send('GET', '/archives/release')).body).toEqual([]);
  expect(answer.status).toBe(409);
});

const PROTECTED = ['kubernetes.io/pvc-protection'];

/** As Kubernetes does as long as pods have it. */
async function protect(claim: string, finalizers: readonly string[] | null): Promise<void> {
  await kube().patch('persistentvolumeclaims', claim, { metadata: { finalizers } });
}

test('who began to use a claim after it was proven gets it back, with what he did meanwhile', async () => {
  const { volume } = await filled('claim-bob');
  await protect('claim-bob', PROTECTED);
  const { answer, end } = await releaseMeeting('claim-bob', CLAIM_GOES);
  expect(answer).toMatchObject({
    status: 202,
    body: { phase: 'undoing', trouble: expect.stringMatching(/in use by hand-\d+/) as string },
  });

  await archives.caller.ping();
  await end();
  await protect('claim-bob', null);
  await eventually(async () => {
    await archives.caller.ping();
    return (await archives.send('GET', '/archives/release')).text === '[]' ? true : undefined;
  }, 60);
  expect((await kube().get('persistentvolumeclaims', 'claim-bob'))?.['spec']).toMatchObject({ volumeName: volume });
  expect(await policyOf(volume)).toBe('Delete');
  expect(await archives.claims.run('claim-bob', 'cat /data/name')).toBe('claim-bob\n');
});

test('a release that turned back at once is refused, with the reason', async () => {
  const { uid, volume } = await filled('claim-cy');
  const { answer, end } = await releaseMeeting('claim-cy', VOLUME_STAYS);

  expect(answer).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('Stop that first.') as string },
  });
  await end();
  expect((await kube().get('persistentvolumeclaims', 'claim-cy'))?.metadata?.uid).toBe(uid);
  expect(await policyOf(volume)).toBe('Delete');
  expect((await archives.send('GET', '/archives/release')).body).toEqual([]);
});

test('who undoes what somebody else has brought back meanwhile is told so', async () => {
  const { made } = await filled('claim-dee');
  expect(await archives.send('POST', '/archives/release', { json: { claim: 'claim-dee' } })).toMatchObject({
    status: 202,
  });
  const undo = async (): Promise<Answer> => archives.send('POST', `/archives/${made.id}/undo`);
  const late = await askWith(undo, RECORD_CHANGES, async () => {
    expect(await undo()).toMatchObject({ status: 200, body: { phase: 'back' } });
  });

  expect(late).toMatchObject({ status: 404, body: { detail: 'Claim claim-dee is not released, or no more.' } });
  expect(await archives.claims.run('claim-dee', 'cat /data/name')).toBe('claim-dee\n');
});
