// Containers that ended: a user's shutdown, a command that cannot run, too little memory, or a crash loop.
import { CANNOT_RUN } from './containerCreate';
import type { Container } from './containers';
import type { End } from './exits';
import { endOf, exitText, hasServed, killedBecause, loopsFrom, timesText } from './exits';
import type { Scene } from './scene';
import type { Finding } from './verdict';
import { excerpt } from './verdict';

export function crashFinding(scene: Scene, container: Container): Finding | undefined {
  const end = endOf(scene, container);
  if (!end || (container.role === 'init' && end.exitCode === 0)) return undefined;
  if (isShutdown(scene, end))
    return { ...shutdown(hasServed(scene, end)), finalAt: end.endedAt, container: container.name };
  if (isOutOfMemory(end)) return outOfMemory(scene, end);
  if (end.isOver && cannotRun(end) && !hasServed(scene, end)) return wrongCommand(end);
  return crashed(scene, end);
}

/** A server that handles SIGTERM ends with 0 too: no shutdown when the kubelet killed it or its node goes down. */
function isShutdown(scene: Scene, end: End): boolean {
  if (!end.isOver || end.exitCode !== 0 || end.container.role !== 'main') return false;
  return !scene.pod?.disruption.isTrue && killedBecause(scene, end) === undefined;
}

function isOutOfMemory({ reason, message }: End): boolean {
  return reason === 'OOMKilled' || /OOM[- ]?killed/i.test(message);
}

function cannotRun({ exitCode, reason, message }: End): boolean {
  if (reason === 'StartError' || reason === 'ContainerCannotRun') return CANNOT_RUN.test(message);
  return exitCode === 126 || exitCode === 127;
}

function shutdown(served: boolean): Pick<Finding, 'reason' | 'message' | 'retryable' | 'clean'> {
  const message = served
    ? 'The service ended by itself without an error (exit code 0): it was shut down.'
    : 'The service ended without an error (exit code 0) right after its start. Its command must keep running in the foreground.';
  return { reason: 'Exited', message, retryable: served, clean: served };
}

function outOfMemory(scene: Scene, end: End): Finding {
  const { name } = end.container;
  return {
    reason: 'OutOfMemory',
    message: `Container "${name}" used more memory than it may and was killed${timesText(end.times)}. Give it a higher memory limit or let it use less.`,
    retryable: hasServed(scene, end),
    finalAt: loopsFrom(scene, end),
    container: name,
  };
}

function wrongCommand(end: End): Finding {
  const { name } = end.container;
  const cause = excerpt(end.message || exitText(end));
  return {
    reason: 'ConfigError',
    message: `The command of container "${name}" cannot be run: ${cause} Check command, arguments and image.`,
    retryable: false,
    finalAt: end.endedAt,
    container: name,
  };
}

function crashed(scene: Scene, end: End): Finding {
  const { name } = end.container;
  const finalAt = loopsFrom(scene, end);
  const cause = [end.message, killedBecause(scene, end)].map((text) => excerpt(text)).filter(Boolean);
  return {
    reason: finalAt < Infinity ? 'CrashLoop' : 'Exited',
    message: [`Container "${name}" ended with ${exitText(end)}.`, ...cause, 'Its log tells more.'].join(' '),
    retryable: hasServed(scene, end),
    finalAt,
    container: name,
  };
}
