// Looks at an active service and writes down on its anchor what is new about its start.
import type { Call } from '../kube/kube';
import type { Anchor } from './anchor';
import type { Ending } from './ending';
import type { ServiceContext } from './context';
import { assessService, type Subject } from './judgeService';
import { endedProgress, nextProgress } from './progress';
import { reviseProgress, type Revise } from './reviseProgress';

export interface Followed {
  /** With its progress as it is now. */
  readonly anchor: Anchor;
  /** Present when the service is over; its objects are still there. */
  readonly ending: Ending | undefined;
}

/** Undefined when the anchor went meanwhile. `also` is written in the same request. */
export async function followService(
  context: ServiceContext,
  { also = (progress) => progress, ...subject }: Subject & { readonly also?: Revise },
  call: Call,
): Promise<Followed | undefined> {
  const { verdict, ending } = await assessService(context, subject, call);
  const now = context.clock();
  const revise: Revise = (progress) =>
    also(ending === undefined ? nextProgress(progress, verdict, now) : endedProgress(progress, ending, now));
  const anchor = await reviseProgress(context, { anchor: subject.anchor, revise }, call);
  return anchor && { anchor, ending };
}
