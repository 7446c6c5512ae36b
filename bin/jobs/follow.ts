// Follows a job to its end: the log of one attempt after the other.
import { isOver, stateOf, type JobState } from './api/answers';
import { createPauses } from './pause';
import { readAttempt, unread, type Reading, type Source } from './readAttempt';

/** From a certain attempt on; the state in which the job ended. */
export async function followJob(source: Source, first = 1): Promise<JobState> {
  const pauses = createPauses();
  let reading = unread(first);
  for (;;) {
    const state = stateOf(await source.client.get(source.id));
    const step = nextStep(reading, state);
    if (step === 'end') return state;
    const { mark } = reading;
    if (step === 'next attempt') reading = unread(reading.attempt + 1);
    else if (step !== 'pause') reading = await readAttempt(source, reading, step === 'follow');
    if (reading.mark.bytes !== mark.bytes) pauses.reset();
    if (step === 'pause' || step === 'follow' || !reading.isWhole) await pauses.next();
  }
}

export type Step = 'follow' | 'read the rest' | 'next attempt' | 'pause' | 'end';

/** What an attempt has written is read once more after its end only where following it broke off. */
export function nextStep({ attempt, isWhole }: Reading, state: JobState): Step {
  if (state.attempts < attempt) return isOver(state) ? 'end' : 'pause';
  if (isOver(state) || state.attempts > attempt) return isWhole ? 'next attempt' : 'read the rest';
  return state.phase === 'running' ? 'follow' : 'pause';
}
