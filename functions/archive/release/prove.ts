// Gathers what speaks for and against giving a claim up, as it is now.
import type { Call } from '../../../lib/kube/kube';
import { usersOf, type Claim } from '../claims';
import type { Context } from '../context';
import { readPods, readSubjectsOf } from '../find';
import { getUsage } from '../watch';
import { proofOf, type Proof } from './proof';

export async function proveClaim(
  context: Context,
  { claim, user }: { readonly claim: Claim; readonly user: string },
  call: Call,
): Promise<Proof> {
  // Pods last: who came meanwhile is seen.
  const [subjects, usage] = await Promise.all([readSubjectsOf(context, user, call), getUsage(context, call)]);
  const users = usersOf(claim.metadata?.name ?? '', await readPods(context, call));
  const { watch_gap_seconds: gapSeconds } = context.settings.archive;
  return proofOf({ claim, subjects, usage, users, gapSeconds, now: context.clock() });
}
