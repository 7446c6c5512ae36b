import { END, historyOf, newsOf, type Position } from '../../../../functions/jobs/events/history';
import { jobState } from '../../../../lib/jobs/jobState';
import type { ObservedJob } from '../../../../lib/jobs/observedJob';
import type { Pod } from '../../../../lib/status/observed';

const at = '2026-11-21T12:00:00Z';
const disrupted = [{ type: 'DisruptionTarget', status: 'True', message: 'Taint manager: deleting' }];
const started = { startedAt: at };
const podOf = (status: Pod['status'], more: Pod['metadata'] = {}): Pod => ({
  metadata: { creationTimestamp: at, ...more },
  spec: { nodeName: 'n' },
  status: {
    containerStatuses: [{ name: 'c', state: { running: started } }],
    ...status,
    conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: at }, ...(status?.conditions ?? [])],
  },
});
const running = podOf({ phase: 'Running' });
const going = podOf({ phase: 'Running', conditions: disrupted }, { deletionTimestamp: at });
const lost = podOf({ phase: 'Failed', conditions: disrupted });
const job: ObservedJob = { spec: { backoffLimit: 0 } };
const complete: ObservedJob = { ...job, status: { conditions: [{ type: 'Complete', status: 'True' }] } };

const tell = (observed: ObservedJob, pods: readonly Pod[], last?: Position) =>
  newsOf(historyOf(observed, pods, jobState(observed, pods)), last);
const phasesOf = (events: ReturnType<typeof tell>) => events.map(({ phase, attempt }) => `${phase} ${attempt}`);

test('a pod that its node lost is told, and its replacement is the next attempt', () => {
  expect(tell(job, [going]).at(-1)).toMatchObject({ phase: 'running', attempt: 1, reason: 'Evicted' });
  const [next] = tell(job, [lost], { attempt: 1, rank: 2, trouble: 'Evicted' });
  expect(next).toMatchObject({ phase: 'queued', attempt: 2, message: expect.stringContaining('node') as string });
});

test('when the lost pod is gone from the list, attempts are not counted anew, and the end is told', () => {
  const queued: Position = { attempt: 2, rank: 0 };

  const news = tell(job, [running], queued);
  expect(phasesOf(news)).toEqual(['starting 2', 'running 2']);
  expect(tell(job, [running], news.at(-1)?.position)).toEqual([]);
  const [end, ...more] = tell(complete, [podOf({ phase: 'Succeeded' })], news.at(-1)?.position);
  expect([end?.phase, more]).toEqual(['succeeded', []]);
  expect(end?.position.rank).toBe(END);
  expect(tell(complete, [], queued).at(-1)?.phase).toBe('succeeded');
});
