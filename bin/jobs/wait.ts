// `hubfn jobs wait`: until jobs have ended; its exit code is theirs.
import { parseArgs } from 'node:util';
import { usageError, type Command, type Terminal } from '../command';
import { accessOptions, accessUsage, openClient } from './access';
import { exitCodeOf, isOver, stateOf, type JobState } from './api/answers';
import type { JobsClient } from './api/client';
import { idsOf } from './ids';
import { createPauses } from './pause';

/** As timeout(1) tells it. */
const TIMED_OUT = 124;
/** More would overflow a timer. */
const MAX_SECONDS = 2_000_000;

export const wait: Command = {
  name: 'jobs wait',
  summary: 'wait until jobs have ended, and exit as they did',
  usage: `ID... [options]
      --timeout SECONDS    exit with ${TIMED_OUT} after it
${accessUsage}

exit code: of the command, where it has one; 0 for a success, else 1; of several jobs the first that is not 0.

examples:
  hubfn jobs wait shj-fit-00001 && echo done
  hubfn jobs wait shj-fit-00001 shj-fit-00002 --timeout 3600`,
  run: runWait,
};

async function runWait(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...accessOptions, timeout: { type: 'string' } },
  });
  const ids = idsOf(positionals);
  const timeout = deadlineOf(values.timeout);
  const client = await openClient(values, terminal);
  const codes: number[] = [];
  for (const id of ids) {
    const state = await ended({ client, id, timeout });
    if (state === undefined) {
      terminal.writeError(`hubfn: job ${id} has not ended within ${values.timeout} s; it goes on\n`);
      return TIMED_OUT;
    }
    terminal.write(`job ${id} ${state.phase}: ${state.message}\n`);
    codes.push(exitCodeOf(state));
  }
  return codes.find((code) => code !== 0) ?? 0;
}

function deadlineOf(text: string | undefined): AbortSignal | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= MAX_SECONDS) return AbortSignal.timeout(seconds * 1000);
  throw usageError(`--timeout ${text} is not a number of seconds`);
}

interface Waiting {
  readonly client: JobsClient;
  readonly id: string;
  readonly timeout: AbortSignal | undefined;
}

/** Undefined when the time came first. */
async function ended({ client, id, timeout }: Waiting): Promise<JobState | undefined> {
  const pauses = createPauses();
  for (;;) {
    const state = stateOf(await client.get(id));
    if (isOver(state)) return state;
    if (timeout?.aborted) return undefined;
    await pauses.next(timeout).catch(() => undefined);
  }
}
