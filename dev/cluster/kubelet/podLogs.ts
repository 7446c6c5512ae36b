// Answers what a container's latest or previous attempt has written, and follows it to its end.
import type { PodLogs, PodLogsQuery } from '../api/podLogs';
import { badRequest } from '../api/status';
import { PODS, type Client } from '../controllers/client';
import type { Pod } from '../controllers/wire';
import { logPath } from './containerAttempt';
import type { LogEntry, LogHub } from './logFile';
import { followEntries, readEntries } from './logReader';
import { podFolder } from './podWorker';

export interface LogSources {
  readonly client: Client;
  readonly logs: LogHub;
  readonly stateDir: string;
  readonly clock: () => Date;
}

/** Throws at once where there is nothing to read. */
export function createPodLogs(sources: LogSources): PodLogs {
  return (query) => {
    const path = pathOf(sources, query);
    return limited(formatted(selectEntries(sources, path, query), query), query.limitBytes);
  };
}

function pathOf({ client, stateDir }: LogSources, query: PodLogsQuery): string {
  const { namespace, pod: name, previous } = query;
  const pod = client.get(PODS, namespace, name);
  if (pod === undefined) throw badRequest(`pod "${name}" not found`);
  const container = query.container ?? pod.spec.containers[0]?.name ?? '';
  const attempt = attemptsOf(pod, container) - (previous ? 1 : 0);
  if (attempt < 0) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  return logPath(podFolder(stateDir, pod.metadata.uid), container, attempt);
}

function attemptsOf({ status }: Pod, container: string): number {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return statuses.find(({ name }) => name === container)?.restartCount ?? 0;
}

async function* selectEntries(sources: LogSources, path: string, query: PodLogsQuery): AsyncGenerator<LogEntry> {
  const { tailLines, sinceSeconds, follow, signal } = query;
  const since = sinceSeconds && new Date(sources.clock().getTime() - sinceSeconds * 1000).toISOString();
  const isMeant = ({ time }: LogEntry): boolean => !since || time >= since;
  const { entries, offset } = await readEntries(path);
  const meant = entries.filter(isMeant);
  yield* tailLines === undefined ? meant : lastLines(meant, tailLines);
  if (follow) yield* followEntries(sources.logs, { path, offset }, signal);
}

/** A line that was written in parts counts once. */
function lastLines(entries: readonly LogEntry[], count: number): readonly LogEntry[] {
  let lines = 0;
  let first = entries.length;
  while (first > 0) {
    const isEnd = entries[first - 1]?.isWhole === true || first === entries.length;
    if (isEnd && lines === count) break;
    if (isEnd) lines += 1;
    first -= 1;
  }
  return entries.slice(first);
}

async function* formatted(entries: AsyncIterable<LogEntry>, { timestamps }: PodLogsQuery): AsyncGenerator<Uint8Array> {
  let isNewLine = true;
  for await (const { time, text, isWhole } of entries) {
    yield timestamps && isNewLine ? Buffer.concat([Buffer.from(`${time} `), text]) : text;
    isNewLine = isWhole;
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>, limitBytes = Infinity): AsyncGenerator<Uint8Array> {
  let left = limitBytes;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
