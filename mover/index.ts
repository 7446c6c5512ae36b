// The program of a mover's pod: does one thing to one repository, and leaves the result where Kubernetes picks it up.
import { writeFileSync } from 'node:fs';
import { givenVariables } from '../lib/config/environment';
import { loadConfig } from '../lib/config/load';
import { environmentSchema, placesOf } from './places';
import { createProgress } from './progress';
import { requestSchema } from './request';
import { patient } from './restic/locks';
import { createRestic } from './restic/restic';
import { resultText, type Result } from './result';
import { runRequest } from './run';

const EXIT = { done: 0, failed: 1, refused: 2 } as const;

async function main(): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const request = loadConfig(requestSchema, parseJson(env.MOVER_REQUEST), 'MOVER_REQUEST');
  const places = placesOf(env);
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort());
  const direct = createRestic({ environment: env, passwordFile: places.password, signal: ending.signal });
  const restic = patient(direct, { dead: request.deadHolders, seconds: env.MOVER_LOCK_WAIT_SECONDS, now: Date.now });
  const progress = createProgress(write, Date.now);
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
