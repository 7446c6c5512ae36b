import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { KubeObject } from '../../../lib/kube/objects';
import { readRecord, recordedId, recordedLog, recordName, type RecordedPiece } from '../../../lib/jobs/record';

const piece: RecordedPiece = { pod: 'p', container: 'c', bytes: 8, keptBytes: 8, sha256: 'x', key: 'log-0' };
const state = { phase: 'failed', message: 'It failed.', attempts: 1, isOver: true, lastLines: ['two'] };
const told = { job: { kind: 'Job' }, state, endedAt: '2026-11-21T12:00:00Z', attempts: [piece] };
const members = Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]).toString('base64');
const configMap: KubeObject = { data: { 'record.json': JSON.stringify(told) }, binaryData: { 'log-0': members } };

const text = async (stream: ReturnType<typeof recordedLog>): Promise<string | undefined> =>
  stream && (await buffer(stream)).toString();

test('a record is read as it was written', () => {
  expect(readRecord(configMap)).toEqual(told);
});

test.each([[{}], [{ data: {} }], [{ data: { 'record.json': '{' } }], [{ data: { 'record.json': '{}' } }]])(
  '%j is no record',
  (other) => {
    expect(readRecord(other)).toBeUndefined();
  },
);

test('a log is all members of its gzip data', async () => {
  expect(await text(recordedLog(configMap, piece))).toBe('one\ntwo\n');
});

test('a log that was lost, or is in a folder that is not here, is not there', () => {
  const { key: _key, ...lost } = piece;
  expect(recordedLog(configMap, { ...lost, lost: 'gone' })).toBeUndefined();
  expect(recordedLog(configMap, { ...lost, file: 'a/b.gz' })).toBeUndefined();
});

test('no record leads out of the folder', () => {
  expect(recordedLog(configMap, { ...piece, file: '../etc/passwd' }, '/tmp')).toBeUndefined();
  expect(recordedLog(configMap, { ...piece, file: '/etc/passwd' }, '/tmp')).toBeUndefined();
});

test('data that is no gzip fails the reader', async () => {
  const broken = { binaryData: { 'log-0': Buffer.from('plain').toString('base64') } };
  await expect(text(recordedLog(broken, piece))).rejects.toThrow(/header/);
});

test('a record is named after its job', () => {
  expect(recordedId(recordName('an-id'))).toBe('an-id');
  expect(recordedId('job-files-an-id')).toBeUndefined();
});
