// Archives, repositories and movers for tests of decisions.
import type { Archive, ArchiveRecord, Repository, RepositoryRecord } from '../../../functions/archive/archive';
import type { Operation, Verb } from '../../../functions/archive/operation/operation';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import type { Pod } from '../../../lib/status/observed';

let count = 0;

export function operation(verb: Verb, more: Partial<Operation> = {}): Operation {
  return { id: 'op', verb, askedAt: '2026-11-29T11:00:00Z', ...more };
}

export function archiveOf(record: Partial<ArchiveRecord>, asked?: Operation): Archive {
  count += 1;
  const whole: ArchiveRecord = {
    id: `a${count}`,
    claim: 'claim-ada',
    claimUid: 'claim-uid',
    user: 'ada',
    askedAt: '2026-11-01T00:00:00Z',
    hold: false,
    tags: {},
    shape: { size: '1Gi', accessModes: ['ReadWriteOnce'] },
    digest: 'd',
    ...record,
  };
  return {
    kind: 'archive',
    name: `archive-${whole.id}`,
    uid: 'uid',
    resourceVersion: '1',
    operation: asked,
    object: {},
    record: whole,
  };
}

export function repositoryOf(record: Partial<RepositoryRecord>, asked?: Operation): Repository {
  const whole = { user: 'ada', generation: 0, since: '2026-01-01T00:00:00Z', ...record };
  return {
    kind: 'archive-repository',
    name: 'r',
    uid: 'repository-uid',
    resourceVersion: '1',
    operation: asked,
    object: {},
    record: whole,
  };
}

export function moverJob(
  anchorUid: string,
  operationId: string,
  creationTimestamp = '2026-11-29T11:59:00Z',
): ObservedJob {
  const labels = { 'hub-functions/anchor-uid': anchorUid };
  const annotations = { 'hub-functions/operation-id': operationId };
  return { metadata: { name: 'archive-mover-x', uid: 'job', labels, annotations, creationTimestamp } };
}

export function doneJob(type: 'Complete' | 'Failed'): ObservedJob {
  return { ...moverJob('uid', 'op'), status: { conditions: [{ type, status: 'True' }] } };
}

export function podThatSaid(message: string, exitCode: number): Pod {
  const terminated = { exitCode, message, startedAt: '2026-11-29T11:59:10Z', finishedAt: '2026-11-29T11:59:20Z' };
  return { status: { phase: 'Failed', containerStatuses: [{ name: 'mover', state: { terminated } }] } };
}
