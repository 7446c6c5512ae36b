// Looks at an active service and writes down on its anchor what is new about its start.
import type { Call } from '../kube/kube';
import type { Anchor } from './anchor';
import type { Ending } from './ending';
import type { ServiceContext } from './context';
import { assessService, type Subject } from './judgeService';
import { endedProgress, nextProgress, readyAt } from './progress';
import { reviseProgress, type Revise } from './reviseProgress';

export interface Followed {
  /** With its progress as it is now. */
  readonly anchor: Anchor;
  /** Present when the service is over; its objects are still there. */
  readonly ending: Ending | undefined;
}

export interface Followable extends Subject {
  /** Written in the same request. */
  readonly also?: Revise;
  /** For a subject that was listed some time ago: reads it directly, undefined when it is gone. */
  readonly refresh?: () => Promise<Subject | undefined>;
}

/** Undefined when the anchor went meanwhile. */
export async function followService(
  context: ServiceContext,
  { also = (progress) => progress, refresh, ...subject }: Followable,
  call: Call,
): Promise<Followed | undefined> {
  const first = await assessService(context, subject, call);
  // An end is final for a hub: it is never told of what was seen a while ago.
  const isNewEnd = first.ending !== undefined && subject.anchor.progress.ending === undefined;
  const judged = isNewEnd && refresh !== undefined ? await refresh() : subject;
  if (judged === undefined) return undefined;
  const { verdict, ending } = judged === subject ? first : await assessService(context, judged, call);
  const now = context.clock();
  const knownReady = readyAt(judged.anchor.progress);
  const revise: Revise = (progress) => {
    if (ending === undefined) return also(nextProgress(progress, verdict, now));
    // Somebody saw it ready meanwhile: that end is one of the past, and the next look judges anew.
    return also(readyAt(progress) === knownReady ? endedProgress(progress, ending, now) : progress);
  };
  const anchor = await reviseProgress(context, { anchor: judged.anchor, revise }, call);
  return anchor && { anchor, ending: anchor.progress.ending };
}
