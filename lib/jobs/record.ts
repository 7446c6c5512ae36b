// The record of a job or a set that is over, in a ConfigMap that outlives it: what it was, how it ended, and the log of each container.
import { createReadStream } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import * as z from 'zod';
import type { KubeObject } from '../kube/objects';
import { isRecord, parseJson } from '../record';
import type { SetState } from '../jobSets/setState';
import type { JobState } from './jobState';

/** Value of the label that tells records from other ConfigMaps. */
export const RECORD_KIND = 'job-record';
/** Key of the ConfigMap's data that holds everything but the logs. */
export const RECORD_KEY = 'record.json';

const PREFIX = 'job-record-';

const piece = z.object({
  /** Of a set. */
  stage: z.string().optional(),
  pod: z.string(),
  container: z.string(),
  /** Of the whole log, as it was read. */
  bytes: z.number(),
  /** The newest ones, when the log is longer than what a record may hold. */
  keptBytes: z.number(),
  sha256: z.string(),
  exitCode: z.number().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  /** In the ConfigMap's binary data: gzip, perhaps of several members. */
  key: z.string().optional(),
  /** Below the operator's folder: gzip. */
  file: z.string().optional(),
  /** Why some or all of it could not be had. */
  lost: z.string().optional(),
});

const record = z.object({
  /** The Job, or the set as its callers get it, as it was; without what the API server keeps in it for itself. */
  job: z.custom<KubeObject>(isRecord),
  state: z.custom<RecordedState>(isRecord),
  /** ISO time. */
  endedAt: z.string(),
  /** In the order in which they ran. */
  attempts: z.array(piece),
});

/** The state at the end, with the last lines of the last log. */
export type RecordedState = RecordedJobState | RecordedSetState;
export type RecordedJobState = JobState & LastLines;
export type RecordedSetState = SetState & LastLines;

interface LastLines {
  readonly lastLines: readonly string[];
}

export type RecordedPiece = Readonly<z.infer<typeof piece>>;
export type JobRecord = Readonly<z.infer<typeof record>>;

export function recordName(id: string): string {
  return `${PREFIX}${id}`;
}

/** The id of the job that a record of this name is about. */
export function recordedId(name: string): string | undefined {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
}

/** Undefined when it is none, or nobody can read it. */
export function readRecord(configMap: KubeObject): JobRecord | undefined {
  const parsed = record.safeParse(parseJson(recordText(configMap)));
  return parsed.success ? parsed.data : undefined;
}

export function recordText({ data }: KubeObject): string {
  const text = isRecord(data) ? data[RECORD_KEY] : undefined;
  return typeof text === 'string' ? text : '';
}

/** What is kept of a log, from the ConfigMap or from the operator's `folder`; undefined when nothing is within reach. */
export function recordedLog(
  configMap: KubeObject,
  { key, file }: RecordedPiece,
  folder?: string,
): Readable | undefined {
  if (file !== undefined) return isPlain(file) && folder ? unzipped(createReadStream(join(folder, file))) : undefined;
  const { binaryData } = configMap;
  const packed = key !== undefined && isRecord(binaryData) ? binaryData[key] : undefined;
  return typeof packed === 'string' ? unzipped(Readable.from([Buffer.from(packed, 'base64')])) : undefined;
}

/** A failure of the source is one of the result. */
function unzipped(source: Readable): Readable {
  return pipeline(source, createGunzip(), () => undefined);
}

/** Records are written by the reaper alone; a path out of the folder is nothing it writes. */
function isPlain(file: string): boolean {
  return !isAbsolute(file) && !file.split('/').includes('..');
}
