// The program of a mover's pod: does one thing to one repository, and leaves the result where Kubernetes picks it up.
import { writeFileSync } from 'node:fs';
import { givenVariables } from '../lib/config/environment';
import { loadConfig } from '../lib/config/load';
import { environmentSchema, placesOf, type Environment } from './places';
import { createProgress, type Progress } from './progress';
import { serverOf, silenceOf } from './reachable';
import { requestSchema } from './request';
import { patient } from './restic/locks';
import { createOutage, NO_OUTAGE, type Outage } from './restic/outage';
import { createRestic } from './restic/restic';
import { resultText, type Result } from './result';
import { runRequest } from './run';

const UNREACHABLE = 'unreachable';
const EXIT = { done: 0, failed: 1, refused: 2 } as const;

async function main(): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const request = loadConfig(requestSchema, parseJson(env.MOVER_REQUEST), 'MOVER_REQUEST');
  const places = placesOf(env);
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort());
  const plain = createProgress(write, Date.now);
  const outage = outageOf(env, plain);
  const direct = createRestic({ environment: env, passwordFile: places.password, signal: ending.signal, outage });
  const restic = patient(direct, { dead: request.deadHolders, seconds: env.MOVER_LOCK_WAIT_SECONDS, now: Date.now });
  const progress = tellingOf(outage, plain);
  const onListening = (port: number): void => write(`${JSON.stringify({ listening: port })}\n`);
  const serving = { port: env.PORT, host: env.LISTEN_HOST, idleSeconds: env.MOVER_IDLE_SECONDS, onListening };
  const { result, close } = await runRequest(
    { request, places, restic, progress, signal: ending.signal },
    serving,
    Date.now,
  );
  leave(result);
  close?.();
  process.exitCode = EXIT[result.outcome];
  if (ending.signal.aborted) await letGo(env, places.password);
}

const LET_GO_MS = 10_000;

/** A restic that is ended while it takes its lock leaves it there: only here is it known that its holder is gone. */
async function letGo(environment: Environment, passwordFile: string): Promise<void> {
  const restic = createRestic({ environment, passwordFile, signal: AbortSignal.timeout(LET_GO_MS) });
  await restic.run({ args: ['unlock', '--quiet'] }).catch(() => undefined);
}

function outageOf({ RESTIC_REPOSITORY, MOVER_AWAY_SECONDS: seconds }: Environment, { tell }: Progress): Outage {
  const server = serverOf(RESTIC_REPOSITORY);
  if (server === undefined) return NO_OUTAGE;
  const silence = async (): Promise<string | undefined> => silenceOf(server);
  return createOutage({ silence, seconds, now: Date.now, onAway: () => tell(UNREACHABLE) });
}

/** What is done meanwhile is waiting, whatever restic tells. */
function tellingOf({ isAway }: Outage, { tell }: Progress): Progress {
  return { tell: (phase, amounts) => tell(isAway() ? UNREACHABLE : phase, amounts) };
}

function write(line: string): void {
  process.stdout.write(line);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function leave(result: Result): void {
  const text = resultText(result);
  writeFileSync(process.env['MOVER_TERMINATION_LOG'] ?? '/dev/termination-log', text);
  write(`${text}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  leave({ outcome: 'failed', reason: 'Unknown', message, files: 0, bytes: 0, added: 0, seconds: 0 });
  process.exitCode = EXIT.refused;
});
