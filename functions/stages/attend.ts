// Looks at one set, and brings it a step further.
import { advanceSet } from '../../lib/jobSets/advanceSet';
import type { JobSet } from '../../lib/jobSets/jobSet';
import { getSet } from '../../lib/jobSets/readSet';
import type { SetStep } from '../../lib/jobSets/setState';
import type { Call } from '../../lib/kube/kube';
import type { Context } from './context';

/** Events outlive what they are about: what is gone needs nobody's attention. */
export async function attendTo(context: Context, id: string, call: Call): Promise<SetStep['do']> {
  const { kube, settings } = context;
  const set = await getSet({ kube, namespace: settings.namespace }, id, call);
  return set === undefined ? 'wait' : attend(context, set, call);
}

export async function attend(context: Context, set: JobSet, call: Call): Promise<SetStep['do']> {
  const { kube, settings, clock, log, counters } = context;
  const { did, set: after } = await advanceSet({ kube, clock, ...settings }, set, call);
  if (did === 'start') counters.add('started');
  if (did === 'end') counters.add('ended');
  if (did === 'finish') counters.add('finished');
  if (did !== 'wait') log.info('a set went on', { set: set.id, did, phase: after?.end?.state.phase });
  return did;
}
