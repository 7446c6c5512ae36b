// Looks at one service, writes down what is new, tells its hub, and cleans up when it is over and the hub knows.
import { randomUUID } from 'node:crypto';
import type { Call } from '../../lib/kube/kube';
import type { Anchor } from '../../lib/services/anchor';
import { concludeService } from '../../lib/services/concludeService';
import { followService, type Followable } from '../../lib/services/followService';
import { untold } from '../../lib/services/progress';
import type { Context } from './context';
import { tellUntold } from './tell';
import { claimed } from './telling';

/** A hub that hears of a failure sends DELETE at once: cleaning up beside it would leave a record of what was stopped. */
const STOP_GRACE_MS = 5_000;

/** Answers the anchor with its progress as it is then; undefined when it is gone. */
export async function attend(
  context: Context,
  subject: Omit<Followable, 'also'>,
  call: Call,
): Promise<Anchor | undefined> {
  const by = randomUUID();
  const { credential } = subject.anchor.start;
  const hasHub = context.hubs.isAllowed(credential);
  const followed = await followService(
    context,
    { ...subject, ...(hasHub && { also: (progress) => claimed(progress, { by, now: context.clock() }) }) },
    call,
  );
  if (followed === undefined) return undefined;
  const anchor = hasHub ? await tellUntold(context, { anchor: followed.anchor, by }, call) : followed.anchor;
  const { ending } = followed;
  if (anchor === undefined || ending === undefined) return anchor;
  if (!hasHub || isKnown(anchor, context.clock())) await concludeService(context, { anchor, ending }, call);
  return anchor;
}

/** The hub's address goes with the service, so it stays until the hub knows. Then the hub stops it, or a later look cleans up. */
function isKnown({ progress }: Anchor, now: Date): boolean {
  const last = progress.events.at(-1);
  return untold(progress).length === 0 && now.getTime() - Date.parse(last?.at ?? '') > STOP_GRACE_MS;
}
