// Gathers what speaks for and against giving a claim up, as it is now.
import type { Call } from '../../../lib/kube/kube';
import { usersOf, type Claim } from '../claims';
import type { Context } from '../context';
import { readArchives, readPods } from '../find';
import { ofUser } from '../names';
import { getUsage } from '../watch';
import { proofOf, type Proof } from './proof';

export async function proveClaim(
  context: Context,
  { claim, user }: { readonly claim: Claim; readonly user: string },
  call: Call,
): Promise<Proof> {
  // Pods last: who came meanwhile is seen.
  const [archives, usage] = await Promise.all([readArchives(context, ofUser(user), call), getUsage(context, call)]);
  const users = usersOf(claim.metadata?.name ?? '', await readPods(context, call));
  const { watch_gap_seconds: gapSeconds } = context.settings.archive;
  return proofOf({ claim, archives, usage, users, gapSeconds, now: context.clock() });
}
