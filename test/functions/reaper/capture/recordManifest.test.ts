import { recordedJob, roomForLogs } from '../../../../functions/reaper/capture/recordManifest';

test('a command that is too long is cut, so that there is room for the log', () => {
  const args = ['sh', '-c', 'x'.repeat(250_000)];
  const job = { metadata: { name: 'j', managedFields: [] }, spec: { template: { spec: { containers: [{ args }] } } } };

  const kept = recordedJob(job);

  expect(JSON.stringify(kept)).toContain('(250000 characters)');
  expect(kept.metadata).toEqual({ name: 'j' });
  expect(roomForLogs(kept, 1)).toBeGreaterThan(960 * 1024);
});

test('a Job that is too large as a whole is kept without its spec', () => {
  const env = Array.from({ length: 10_000 }, (_, index) => ({ name: `NAME_${index}`, value: 'x'.repeat(50) }));

  expect(recordedJob({ metadata: { name: 'j' }, spec: { env }, status: { failed: 1 } })).toEqual({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j' },
    status: { failed: 1 },
  });
});
