// Watches one running container by its probes: startup first, then readiness and liveness side by side.
import type { Occurrence } from '../controllers/occurrence';
import { sleep } from './podContext';
import { checkProbe, type Probe, type ProbeTarget } from './probeCheck';

export interface ProbeReport {
  readonly started: () => void;
  readonly ready: (isReady: boolean) => void;
  /** The container must be ended. */
  readonly unhealthy: (probe: 'Liveness' | 'Startup') => void;
  readonly record: (occurrence: Occurrence) => void;
}

type ProbeName = 'Startup' | 'Readiness' | 'Liveness';

interface Watch {
  readonly name: ProbeName;
  readonly probe: Probe;
  readonly target: ProbeTarget;
  readonly report: ProbeReport;
  readonly signal: AbortSignal;
  /** Told once enough checks in a row had the same result; answers whether to go on. */
  readonly onResult: (isGood: boolean) => boolean;
}

/** Returns when the signal aborts or nothing is left to watch. */
export async function watchProbes(target: ProbeTarget, report: ProbeReport, signal: AbortSignal): Promise<void> {
  const { startupProbe, readinessProbe, livenessProbe } = target.container;
  const base = { target, report, signal };
  let isStarted = startupProbe === undefined;
  if (startupProbe !== undefined) {
    const onResult = (isGood: boolean): boolean => {
      isStarted = isGood;
      if (!isGood) report.unhealthy('Startup');
      return false;
    };
    await watch({ ...base, name: 'Startup', probe: startupProbe, onResult });
  }
  if (!isStarted || signal.aborted) return;
  report.started();
  if (readinessProbe === undefined) report.ready(true);
  await Promise.all([
    readinessProbe && watch({ ...base, name: 'Readiness', probe: readinessProbe, onResult: keepTelling(report) }),
    livenessProbe && watch({ ...base, name: 'Liveness', probe: livenessProbe, onResult: endWhenBad(report) }),
  ]);
}

function keepTelling(report: ProbeReport): Watch['onResult'] {
  return (isGood) => {
    report.ready(isGood);
    return true;
  };
}

function endWhenBad(report: ProbeReport): Watch['onResult'] {
  return (isGood) => {
    if (!isGood) report.unhealthy('Liveness');
    return isGood;
  };
}

async function watch(watched: Watch): Promise<void> {
  const { probe, target, signal, onResult } = watched;
  const enough = createCounter(probe);
  await sleep((probe.initialDelaySeconds ?? 0) * 1000, signal);
  while (!signal.aborted) {
    const failure = await checkProbe(probe, target);
    if (signal.aborted) return;
    if (failure !== undefined) tellFailure(watched, failure);
    const isGood = failure === undefined;
    if (enough(isGood) && !onResult(isGood)) return;
    await sleep((probe.periodSeconds ?? 10) * 1000, signal);
  }
}

function tellFailure({ name, report }: Watch, failure: string): void {
  report.record({ type: 'Warning', reason: 'Unhealthy', message: `${name} probe failed: ${failure}` });
}

/** Whether the same result came often enough in a row to count. */
function createCounter({ successThreshold = 1, failureThreshold = 3 }: Probe): (isGood: boolean) => boolean {
  let last: boolean | undefined;
  let inARow = 0;
  return (isGood) => {
    inARow = isGood === last ? inARow + 1 : 1;
    last = isGood;
    return inARow >= (isGood ? successThreshold : failureThreshold);
  };
}
