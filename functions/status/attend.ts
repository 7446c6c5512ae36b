// Looks at one service, writes down what is new, tells its hub, and cleans up when it is over and the hub knows.
import { randomUUID } from 'node:crypto';
import type { Call } from '../../lib/kube/kube';
import type { Anchor } from '../../lib/services/anchor';
import { concludeService } from '../../lib/services/concludeService';
import { followService } from '../../lib/services/followService';
import type { Subject } from '../../lib/services/judgeService';
import { untold } from '../../lib/services/progress';
import type { Context } from './context';
import { tellUntold } from './tell';
import { claimed } from './telling';

/** Answers the anchor with its progress as it is then; undefined when it is gone. */
export async function attend(context: Context, subject: Subject, call: Call): Promise<Anchor | undefined> {
  const by = randomUUID();
  const { credential } = subject.anchor.start;
  const hasHub = context.hubs.isAllowed(credential);
  const claim = { by, now: context.clock() };
  const followed = await followService(
    context,
    { ...subject, ...(hasHub && { also: (progress) => claimed(progress, claim) }) },
    call,
  );
  if (followed === undefined) return undefined;
  const anchor = hasHub ? await tellUntold(context, { anchor: followed.anchor, by }, call) : followed.anchor;
  // The hub's address goes with the service: until it knows of the end, or nobody can tell it, the service stays.
  const isKnown = !hasHub || (anchor !== undefined && untold(anchor.progress).length === 0);
  if (anchor !== undefined && followed.ending !== undefined && isKnown) {
    await concludeService(context, { anchor, ending: followed.ending }, call);
  }
  return anchor;
}
