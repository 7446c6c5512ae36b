// Tells what happened to an object as core/v1 Events; the same thing told again is counted on the same Event.
import { EVENTS, NAMESPACES, type Client } from './client';
import { createCorrelator, type Correlated } from './eventCorrelator';
import type { Occurrence } from './occurrence';
import type { Event, Stored } from './wire';
import { microTimestamp, timestamp } from '../timestamp';

export type RecordEvent = (about: Stored, occurrence: Occurrence) => void;

export interface Reporter {
  readonly component: string;
  readonly host?: string;
}

const NANOSECONDS_PER_MS = 1_000_000n;

export function createRecorder(client: Client, clock: () => Date, reporter: Reporter): RecordEvent {
  const correlator = createCorrelator();
  return (about, occurrence) => {
    const namespace = about.metadata.namespace || 'default';
    const into = client.get(NAMESPACES, '', namespace);
    // Nothing is written into a namespace that is going away: its content would never be gone.
    if (into === undefined || into.metadata.deletionTimestamp !== undefined) return;
    const now = clock();
    const correlated = correlator.correlate(about, occurrence, now);
    const { message, known = '' } = correlated;
    const before = client.get(EVENTS, namespace, known);
    if (before !== undefined) return client.modify(EVENTS, before, (event) => repeated(event, message, now));
    const name = freeName(client, { namespace, about: about.metadata.name }, now);
    const event = newEvent(about, { ...occurrence, message }, reporter);
    client.create(EVENTS, { ...event, ...firstTime(now, occurrence), metadata: { name, namespace } });
    correlated.remember(name);
  };
}

function firstTime(now: Date, { action }: Occurrence): object {
  if (action !== undefined) return { eventTime: microTimestamp(now), firstTimestamp: null, lastTimestamp: null };
  return { firstTimestamp: timestamp(now), lastTimestamp: timestamp(now), eventTime: null, count: 1 };
}

function repeated(event: Event, message: Correlated['message'], now: Date): Event {
  if (event.action === undefined) {
    return { ...event, message, count: (event.count ?? 1) + 1, lastTimestamp: timestamp(now) };
  }
  const series = { count: (event.series?.count ?? 1) + 1, lastObservedTime: microTimestamp(now) };
  return { ...event, message, series };
}

/** The object's name and the time in nanoseconds, so that an object's events lie in order of time; the clock counts milliseconds. */
function freeName(client: Client, { namespace, about }: { namespace: string; about: string }, now: Date): string {
  const nameAt = (nanoseconds: bigint): string => `${about.slice(0, 236)}.${nanoseconds.toString(16)}`;
  let nanoseconds = BigInt(now.getTime()) * NANOSECONDS_PER_MS;
  while (client.get(EVENTS, namespace, nameAt(nanoseconds)) !== undefined) nanoseconds += 1n;
  return nameAt(nanoseconds);
}

function newEvent(about: Stored, { type, reason, message, fieldPath, action }: Occurrence, reporter: Reporter): object {
  const { namespace, name, uid, resourceVersion } = about.metadata;
  return {
    involvedObject: {
      kind: about.kind,
      namespace,
      name,
      uid,
      apiVersion: about.apiVersion,
      resourceVersion,
      fieldPath,
    },
    type,
    reason,
    message,
    ...reporterFields(reporter, action),
  };
}

function reporterFields({ component, host }: Reporter, action: string | undefined): object {
  if (action === undefined) {
    return { source: { component, host }, reportingComponent: component, reportingInstance: host ?? '' };
  }
  return { action, source: {}, reportingComponent: component, reportingInstance: component };
}
