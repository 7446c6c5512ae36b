// How a container ended, how often, and whether that is a loop.
import type { Container, Exit } from './containers';
import { firstTimeOf, isAboutContainer, lastTimeOf, withReason } from './events';
import type { Scene } from './scene';
import { after, earliest } from './times';

export interface End extends Exit {
  readonly container: Container;
  /** It does not run now; one that runs again only shows its history. */
  readonly isOver: boolean;
  /** How often the container ended so far. */
  readonly times: number;
  readonly endedAt: number;
}

const EXIT_CODES: Readonly<Record<number, string>> = {
  126: 'its command is not executable',
  127: 'its command was not found',
  134: 'it aborted',
  137: 'it was killed',
  139: 'it accessed memory it must not (segmentation fault)',
  143: 'it was asked to terminate',
};

export function endOf({ pod }: Scene, container: Container): End | undefined {
  const last = container.exit ?? container.lastExit;
  if (!last) return undefined;
  const isOver = container.exit !== undefined || container.waiting?.reason === 'CrashLoopBackOff';
  const endedAt = last.finishedAt ?? pod?.createdAt ?? 0;
  return { ...last, container, isOver, times: container.restarts + (isOver ? 1 : 0), endedAt };
}

/** It was of use to somebody before it ended: the same start may be again. */
export function hasServed({ pod, podEvents, policy, wasReady }: Scene, { container, endedAt }: End): boolean {
  const starts = withReason(podEvents, 'Started').filter((event) => isAboutContainer(event, container.name));
  const began = starts.length > 0 ? earliest(...starts.map(firstTimeOf)) : (pod?.scheduledAt ?? 0);
  return wasReady && endedAt >= after(began, policy.settleSeconds);
}

/** The kubelet restarts a container for ever; we stop believing at the limit, unless the last run was a long one. */
export function loopsFrom({ policy }: Scene, end: End): number {
  const wasLong = end.startedAt !== undefined && end.endedAt >= after(end.startedAt, policy.crashResetSeconds);
  return end.isOver && end.times >= policy.crashLimit && !wasLong ? end.endedAt : Infinity;
}

/** Why the kubelet killed it, if it did: a failed probe, mostly. */
export function killedBecause({ podEvents }: Scene, end: End): string | undefined {
  const kill = withReason(podEvents, 'Killing').findLast((event) => {
    const time = lastTimeOf(event);
    return isAboutContainer(event, end.container.name) && time >= (end.startedAt ?? 0) && time <= after(end.endedAt, 2);
  });
  return kill && (kill.message ?? '');
}

export function exitText({ exitCode, times }: End): string {
  const meaning = EXIT_CODES[exitCode];
  return `exit code ${exitCode}${meaning ? ` (${meaning})` : ''}${timesText(times)}`;
}

export function timesText(times: number): string {
  return times > 1 ? `, ${times} times` : '';
}
