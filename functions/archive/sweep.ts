// One sweep over everything: movers that ended unheard, claims on their way out or back, and what the policy asks for.
import { AppError } from '../../lib/errors';
import { podsOf } from '../../lib/jobs/readJobPods';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { shortHash } from '../../lib/naming';
import { awaitedBy, isUnfilled } from '../../lib/restoring';
import { tryEach } from '../../lib/tryEach';
import { toSubject, type Subject } from './archive';
import { ask, drillOperation, plainOperation } from './ask';
import { backUp } from './backup';
import { isMover, type Claim, type UsingPod } from './claims';
import type { Context } from './context';
import { readPods, refOf } from './find';
import { EVERY_ANCHOR, MOVER_KIND, selectorOf } from './names';
import { advance } from './operation/advance';
import { nextStep, type SeenOperation } from './operation/plan';
import { dueNow, type Due } from './policy/due';
import { advanceRelease } from './release/advance';
import { toRelease, type Release } from './release/release';
import { fillClaims, isWish } from './restores/fill';
import { rotate } from './keys/rotate';
import { noteUsage } from './watch';

const PAGE = 500;
const AT_ONCE = 4;
/** Whose wishes they are that nobody but the policy has. */
const POLICY = 'archive policy';

interface Sighted {
  readonly claims: readonly Claim[];
  readonly pods: readonly UsingPod[];
  readonly jobs: readonly KubeObject[];
  readonly subjects: readonly Subject[];
  readonly releases: readonly Release[];
}

export async function sweep(context: Context, call: Call): Promise<void> {
  const { settings, clock, log } = context;
  const from = clock();
  const seen = await look(context, call);
  const { claims, pods, subjects } = seen;
  const now = clock();
  const gapSeconds = settings.archive.watch_gap_seconds;
  const usage = await noteUsage(context, { claims, pods, gapSeconds, from, now }, call);
  const work = [...unheard(context, seen), ...releasesOf(context, seen)];
  const releasing = new Set(seen.releases.map(({ record }) => record.claimUid));
  const needed = new Set(seen.releases.map(({ record }) => record.archive));
  const due = dueNow({ claims, subjects, usage, releasing, needed }, settings.archive, now);
  const room = settings.archive.at_once - seen.jobs.length;
  const all = [...work, ...dueWork(context, due).slice(0, Math.max(0, room)), ...forgetting(context, due)];
  const run = async (part: Work): Promise<void> => void (await part.run(call));
  // Who waits is looked after last: what has just ended may be what they wait for.
  const failures = [...(await tryEach(all, AT_ONCE, run)), ...(await tryEach(waiting(context, seen), 1, run))];
  for (const { item, error } of failures) log.error('a part of the sweep failed', { about: item.about, error });
  const count = { claims: claims.length, anchors: subjects.length, due: all.length, failed: failures.length };
  log.info('sweep finished', count);
  if (failures.length === 0) return;
  throw new AppError('sweep_incomplete', 503, `The sweep failed ${failures.length} times.`, { retryAfterSeconds: 60 });
}

/** Anchors first, then what belongs to them; pods last, so that who uses a claim is seen at the end. */
async function look(context: Context, call: Call): Promise<Sighted> {
  const anchors: KubeObject[] = [];
  const every = { ...ofKind(context, 'v1', 'ConfigMap'), labelSelector: EVERY_ANCHOR, metadataOnly: true } as const;
  for await (const page of context.kube.pages<KubeObject>(every, call)) anchors.push(...page);
  const jobs: KubeObject[] = [];
  const movers = { ...ofKind(context, 'batch/v1', 'Job'), labelSelector: selectorOf(MOVER_KIND) };
  for await (const page of context.kube.pages<KubeObject>(movers, call)) jobs.push(...page);
  const claims: Claim[] = [];
  for await (const page of context.kube.pages<Claim>(ofKind(context, 'v1', 'PersistentVolumeClaim'), call))
    claims.push(...page);
  return {
    claims,
    jobs,
    subjects: anchors.flatMap((object) => toSubject(object) ?? []),
    releases: anchors.flatMap((object) => toRelease(object) ?? []),
    pods: await readPods(context, call),
  };
}

function ofKind({ settings }: Context, apiVersion: string, kind: string) {
  return { apiVersion, kind, namespace: settings.namespace, limit: PAGE };
}

interface Work {
  readonly about: string;
  readonly run: (call: Call) => Promise<unknown>;
}

/** One after the other for each user, who has the mover first: its end makes room for the next. */
function unheard(context: Context, { subjects, jobs, pods }: Sighted): readonly Work[] {
  const byUser = new Map(jobs.map((job) => [job.metadata?.labels?.[LABELS.user] ?? '', job]));
  const movers = pods.filter(isMover);
  const turns = new Map<string, Subject[]>();
  for (const subject of subjects.toSorted((a, b) => turnOf(a).localeCompare(turnOf(b)))) {
    const user = shortHash(subject.record.user);
    const isOwner = byUser.get(user)?.metadata?.labels?.[LABELS.anchorUid] === subject.uid;
    const others = turns.get(user) ?? [];
    if (isOwner) turns.set(user, [subject, ...others]);
    else if (subject.operation !== undefined) turns.set(user, [...others, subject]);
  }
  return [...turns].flatMap(([user, turn]) => {
    const job = byUser.get(user);
    const own = job === undefined ? [] : podsOf(job, movers);
    const isAnyDue = turn.some((subject) => isDue(context, { subject, job, pods: own }));
    return isAnyDue ? [{ about: user, run: async (call: Call) => advanceInTurn(context, turn, call) }] : [];
  });
}

function turnOf({ operation }: Subject): string {
  return operation?.askedAt ?? '';
}

function isDue({ settings, clock, counters }: Context, seen: SeenOperation): boolean {
  const step = nextStep(seen, settings.archive.mover.wait_seconds, clock());
  if (step.do === 'record') counters.add('sweep_found_missed');
  return step.do === 'start' || step.do === 'record' || step.do === 'remove';
}

async function advanceInTurn(context: Context, due: readonly Subject[], call: Call): Promise<void> {
  for (const subject of due) {
    const did = await advance(context, subject, call);
    if (did === 'start' || did === 'wait') return;
  }
}

function releasesOf(context: Context, { releases }: Sighted): readonly Work[] {
  const now = context.clock().getTime();
  const isDueNow = ({ record }: Release): boolean =>
    record.phase !== 'released' || Date.parse(record.keptUntil ?? '') <= now;
  return releases.filter(isDueNow).map((release) => ({
    about: release.record.claim,
    run: async (call) => advanceRelease(context, release, call),
  }));
}

function waiting(context: Context, { claims, pods }: Sighted): readonly Work[] {
  const isAny =
    claims.some((claim) => isWish(claim) && isUnfilled(claim)) || pods.some((pod) => awaitedBy(pod).length > 0);
  return isAny ? [{ about: 'claims to be filled', run: async (call) => fillClaims(context, call) }] : [];
}

function dueWork(context: Context, { backups, operations }: Due): readonly Work[] {
  return [
    ...operations.map(({ subject, verb }) => ({
      about: subject.name,
      run: async (call: Call) => {
        if (subject.kind === 'archive-repository') return rotate(context, subject, call);
        const operation = verb === 'drill' ? drillOperation(context, subject) : plainOperation(context, verb);
        return ask(context, { archive: subject, operation }, call);
      },
    })),
    ...backups.map(({ claim, key }) => ({
      about: claim,
      run: async (call: Call) =>
        backUp(context, { credential: POLICY, idempotencyKey: key, request: { claim, hold: false, tags: {} } }, call),
    })),
  ];
}

function forgetting(context: Context, { forgotten }: Due): readonly Work[] {
  return forgotten.map(({ name, uid }) => ({
    about: name,
    run: async (call) => context.kube.delete(refOf(context, 'ConfigMap', name), { uid }, call),
  }));
}
