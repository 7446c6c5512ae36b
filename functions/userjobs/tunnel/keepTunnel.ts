// Keeps a tunnel: connects, holds what it was opened for, and connects again when it is lost, until it is told to end.
import { setTimeout as sleep } from 'node:timers/promises';
import type { UserJobRecord } from '../record';
import type { Forward, SshPlace } from '../ssh/arguments';
import type { Failure } from '../ssh/failure';
import { failuresAfter, pauseMs } from './backOff';
import { isOpen, openConnection, type Connection } from './connection';
import { followJob } from './followJob';
import type { TunnelState } from './state';

export interface TunnelOptions {
  readonly record: UserJobRecord;
  /** Where each port of the record is listened for, in their order. */
  readonly listen: readonly number[];
  /** Of the key and known_hosts. */
  readonly sshFolder: string;
  readonly socket: string;
  readonly tell: (state: TunnelState) => void;
  readonly signal: AbortSignal;
}

/** Resolves when there is nothing more to keep. */
export async function keepTunnel(options: TunnelOptions): Promise<void> {
  const { tell, signal } = options;
  for (let failures = 0; !signal.aborted;) {
    const { end, openForMs } = await connectOnce(options);
    if (end === 'over' || signal.aborted) return;
    failures = failuresAfter(failures, openForMs);
    tell({ phase: 'connecting', ...end });
    await sleep(pauseMs(end.reason, failures), undefined, { signal }).catch(() => undefined);
  }
}

interface Outcome {
  readonly end: Failure | 'over';
  readonly openForMs: number;
}

async function connectOnce(options: TunnelOptions): Promise<Outcome> {
  const { record, sshFolder, socket, signal } = options;
  const place: SshPlace = { login: record.login, folder: sshFolder };
  const forwards = record.job === undefined ? forwardsTo(options, record.targetNode) : [];
  const connection = await openConnection({ place, socket, forwards, signal });
  if (!isOpen(connection)) return { end: connection, openForMs: 0 };
  const openedAt = performance.now();
  const end = await hold(options, place, connection);
  connection.end();
  return { end, openForMs: performance.now() - openedAt };
}

async function hold(options: TunnelOptions, place: SshPlace, connection: Connection): Promise<Failure | 'over'> {
  const { record, tell, signal } = options;
  if (record.job !== undefined) {
    const forwards = (node: string): readonly Forward[] => forwardsTo(options, node);
    const { job, credential } = record;
    return followJob({ job, credential, place, connection, forwards, tell, signal });
  }
  tell({ phase: 'open', message: `The tunnel to ${record.targetNode} is open.` });
  return connection.closed;
}

function forwardsTo({ record, listen }: TunnelOptions, node: string): readonly Forward[] {
  return record.ports.map(({ target }, index) => ({ listen: listen[index] ?? 0, node, port: target }));
}
