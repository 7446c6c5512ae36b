// From what somebody asks for to one call of the jobs API: who asks is settled here, from the channel and what it proves. Pure.
import { globMatcher } from '../../lib/glob';
import { jobId } from '../../lib/jobs/names';
import { isRecord } from '../../lib/record';
import { shortHash } from '../../lib/naming';
import type { Channel, What } from './configFile';
import { refused, type Asked } from './message';
import { submissionValues, type Template, type WantedSubmission } from './submissions/values';

/** Label of a job: the user that it was made for. */
export const USER_LABEL = 'hub-user';

export interface Delivery {
  readonly to: 'jobs' | 'archives';
  readonly credential: string;
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Tells a repeat from another request, and makes the id of the job. */
  readonly key?: string;
  /** Nobody else can know the key: a job that has it is the one that was meant. */
  readonly isOwnKey: boolean;
  /** Id of what comes of it. */
  readonly job: string;
}

export interface Received {
  /** Of the queue, or of the channel for events. */
  readonly channelName: string;
  readonly channel: Channel;
  readonly asked: Asked;
  readonly isSigned: boolean;
  /** Of the list that it came from. */
  readonly listUser?: string | undefined;
  /** A UUID of our own, or what the platform calls the event. */
  readonly messageId: string;
}

export interface Rules {
  readonly userClaims: readonly string[];
  /** Fills the job set of submissions; read for those only. */
  readonly template: () => Promise<Template>;
}

/** Throws 400 for what this channel may not ask, or cannot prove. */
export async function deliveryOf(received: Received, rules: Rules): Promise<Delivery> {
  const { channel, asked } = received;
  const what = whatOf(asked);
  if (!channel.takes.includes(what)) throw refused('not_taken', `A ${what} may not be asked for here.`);
  const user = provenUser(received);
  if ('cancel' in asked) return cancellation(channel, asked.cancel, user);
  const key = keyOf(received, user);
  const job = jobId(channel.credential, key.text);
  const common = { to: 'jobs', credential: channel.credential, method: 'POST', path: '/jobs', key: key.text } as const;
  if ('request' in asked) {
    const body = requestOf(asked.request, { user, claims: rules.userClaims });
    // A name is known to others.
    if (typeof body['name'] === 'string') return { ...common, body, isOwnKey: false, job: body['name'] };
    return { ...common, body, isOwnKey: key.isOwn, job };
  }
  if ('archive' in asked) {
    checkClaims([asked.archive.claim], user, rules.userClaims);
    return { ...common, to: 'archives', path: '/archives', body: asked.archive, isOwnKey: key.isOwn, job };
  }
  if (user === undefined) throw refused('no_user', 'A submission is somebody’s: the message does not say whose.');
  const wanted = { submission: asked.submission, user, id: job };
  return { ...common, body: submissionOf(wanted, await rules.template()), isOwnKey: key.isOwn, job };
}

/** A job set for one submission of a user; `id` is that of the set. */
export function submissionOf(wanted: WantedSubmission, template: Template): object {
  const body = template(submissionValues(wanted));
  return { ...body, labels: { ...labelsOf(body), ...userLabel(wanted.user) } };
}

export function userLabel(user: string): Readonly<Record<string, string>> {
  return { [USER_LABEL]: user };
}

function whatOf(asked: Asked): What {
  if ('cancel' in asked) return 'cancel';
  if ('archive' in asked) return 'archive';
  return 'request' in asked ? 'request' : 'submission';
}

/** Never what the message says by itself, unless the operator trusts the channel. */
function provenUser({ channel, asked, isSigned, listUser }: Received): string | undefined {
  const { identity } = channel;
  if (identity === 'signed' && !isSigned) throw refused('unproven', 'What is not signed is not taken here.');
  if (identity === 'trusted' || identity === 'signed') return asked.user;
  if (identity === 'list' && listUser === undefined)
    throw refused('unproven', 'Each user has a list of their own here.');
  if (asked.user !== undefined && asked.user !== listUser) {
    throw refused('unproven', 'The message names a user, and nothing here proves it.');
  }
  return listUser;
}

/** Whose jobs they are is known by credential alone: a user would end those of others. */
function cancellation({ credential }: Channel, job: string, user: string | undefined): Delivery {
  if (user !== undefined) throw refused('not_taken', 'A user cannot cancel here.');
  return { to: 'jobs', credential, method: 'DELETE', path: `/jobs/${job}`, isOwnKey: false, job };
}

function keyOf(
  { channelName, asked, messageId }: Received,
  user: string | undefined,
): { text: string; isOwn: boolean } {
  if (asked.id === undefined) return { text: messageId, isOwn: true };
  return { text: `intake-${shortHash(channelName, user ?? '', asked.id)}`, isOwn: false };
}

type Body = Readonly<Record<string, unknown>>;

/** A user's request may name that user's claims, and runs without an account, whatever the credential may or its profile has. */
function requestOf(request: Body, { user, claims }: { user: string | undefined; claims: readonly string[] }): Body {
  if (user === undefined) return request;
  const parts = [request, ...(Array.isArray(request['stages']) ? request['stages'].filter(isRecord) : [])];
  checkClaims(parts.flatMap(claimNames), user, claims);
  if (parts.some((part) => 'serviceAccount' in part)) throw refused('not_theirs', 'A user has no service account.');
  if (!Array.isArray(request['stages'])) return { ...labelled(request, user), serviceAccount: null };
  const stages = request['stages'].map((stage: unknown) =>
    isRecord(stage) ? { ...labelled(stage, user), serviceAccount: null } : stage,
  );
  return { ...labelled(request, user), stages };
}

function labelled(part: Body, user: string): Body {
  return { ...part, labels: { ...labelsOf(part), ...userLabel(user) } };
}

function checkClaims(names: readonly string[], user: string | undefined, globs: readonly string[]): void {
  if (user === undefined) return;
  const isTheirs = globMatcher(globs.map((glob) => glob.replaceAll('<user>', user)));
  const foreign = names.find((name) => !isTheirs(name));
  if (foreign !== undefined) throw refused('not_theirs', `The claim ${foreign} is not one of this user's.`);
}

/** Those of the set are made for it, under names that nobody else has. */
function claimNames({ claims, stages }: Body): readonly string[] {
  if (stages !== undefined || !Array.isArray(claims)) return [];
  return claims.filter(isRecord).flatMap((claim) => (typeof claim['name'] === 'string' ? [claim['name']] : []));
}

function labelsOf({ labels }: Body): object {
  return isRecord(labels) ? labels : {};
}
