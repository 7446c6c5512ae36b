// One attempt of a container: from start to end of its process, told in status, events and log.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Occurrence } from '../controllers/occurrence';
import { execIn } from './containerExec';
import { recordOn, type ContainerRun, type StartFault } from './containerContext';
import { startFault } from './faults';
import type { Launch } from './launch';
import type { LogFile } from './logFile';
import { graceMs, type PodContext } from './podContext';
import type { ContainerStatus } from './podStatus';
import { watchProbes } from './probes';
import { startProcess, type RunningProcess } from './runningProcess';
import { timestamp } from '../timestamp';

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

/** What runc answers for a program that cannot be started. */
const START_ERROR_CODE = 128;

export function logPath(folder: string, container: string, attempt: number): string {
  return join(folder, 'logs', `${container}-${attempt}.log`);
}

/** Answers the exit code. */
export async function runAttempt(run: ContainerRun, launch: Launch | StartFault, attempt: number): Promise<number> {
  const { context, container } = run;
  beginAttempt(run, attempt);
  const path = logPath(context.folder, container.name, attempt);
  mkdirSync(dirname(path), { recursive: true });
  const log = await context.logs.open(path, context.options.clock);
  const terminated = await withLog(log, () => toItsEnd(run, launch, log));
  context.status.set(container.name, { state: { terminated }, ready: false, started: false });
  return terminated.exitCode;
}

/** The log is closed before the end is told: whoever sees it in the status finds all that was written. */
async function withLog<T>(log: LogFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await log.close();
  }
}

async function toItsEnd(run: ContainerRun, launch: Launch | StartFault, log: LogFile): Promise<Terminated> {
  if ('fault' in launch) return failStart(run, launch.fault.message);
  const process = await start(run.context, launch, log);
  return process instanceof Error ? failStart(run, process.message) : follow(run, launch, process);
}

function beginAttempt({ context, container }: ContainerRun, attempt: number): void {
  const { state, lastState } = context.status.get(container.name);
  const last = state?.terminated === undefined ? lastState : { terminated: state.terminated };
  context.status.set(container.name, { restartCount: attempt, lastState: last });
  const message = `Created container: ${container.name}`;
  recordOn(context, container, { type: 'Normal', reason: 'Created', message });
}

/** The system may refuse what looked well: a missing interpreter, another user's folder. */
async function start(context: PodContext, launch: Launch, log: LogFile): Promise<RunningProcess | Error> {
  const { path: command, args, env, cwd, user } = launch;
  const { stateDir } = context.options;
  try {
    return await startProcess({ command, args, env, cwd, user, stateDir, output: log.write });
  } catch (error) {
    return startFault(`exec: "${command}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failStart({ context, container }: ContainerRun, message: string): Terminated {
  const at = timestamp(context.options.clock());
  recordOn(context, container, { type: 'Warning', reason: 'Failed', message: `Error: ${message}` });
  return { exitCode: START_ERROR_CODE, reason: 'StartError', message, startedAt: at, finishedAt: at };
}

async function follow(run: ContainerRun, launch: Launch, process: RunningProcess): Promise<Terminated> {
  const { context, container } = run;
  const startedAt = timestamp(context.options.clock());
  const containerID = `process://${process.pid}`;
  context.processes.add(process);
  const started = container.startupProbe === undefined;
  const ready = started && container.readinessProbe === undefined;
  context.status.set(container.name, { state: { running: { startedAt } }, containerID, started, ready });
  recordOn(context, container, { type: 'Normal', reason: 'Started', message: `Started container ${container.name}` });
  if (context.stopping.aborted) process.end(0);

  const watching = new AbortController();
  const watched = watch(run, { launch, process, signal: watching.signal });
  const exitCode = await process.exited;
  context.processes.delete(process);
  watching.abort();
  await watched;
  const message = lastWords(launch.terminationLog);
  return {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    ...(message !== '' && { message }),
    startedAt,
    finishedAt: timestamp(context.options.clock()),
    containerID,
  };
}

/** https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
const MAX_LAST_WORDS = 4096;

function lastWords(file: string): string {
  try {
    return readFileSync(file).subarray(0, MAX_LAST_WORDS).toString();
  } catch {
    return ''; // It has removed the file: it has nothing to say.
  }
}

interface Watched {
  readonly launch: Launch;
  readonly process: RunningProcess;
  readonly signal: AbortSignal;
}

function watch({ context, container, onStarted }: ContainerRun, { launch, process, signal }: Watched): Promise<void> {
  const { name } = container;
  const set = (change: Partial<ContainerStatus>): void => {
    if (!signal.aborted) context.status.set(name, change);
  };
  const target = { container, ports: context.ports, exec: execIn(context, launch, signal) };
  const report = {
    record: (occurrence: Occurrence) => recordOn(context, container, occurrence),
    ready: (ready: boolean) => set({ ready }),
    started: () => {
      set({ started: true });
      onStarted?.();
    },
    unhealthy: (probe: string) => {
      const message = `Container ${name} failed ${probe.toLowerCase()} probe, will be restarted`;
      recordOn(context, container, { type: 'Normal', reason: 'Killing', message });
      process.end(graceMs(context.pod));
    },
  };
  return watchProbes(target, report, signal);
}
