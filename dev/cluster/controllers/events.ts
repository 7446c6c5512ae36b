// Tells what happened to an object as core/v1 Events; the same thing told again is counted on the same Event.
import { createHash } from 'node:crypto';
import { EVENTS, NAMESPACES, type Client } from './client';
import { timestamp } from './conditions';
import type { Event, Stored } from './wire';

export interface Occurrence {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `spec.containers{main}`: the part of the object that it is about. */
  readonly fieldPath?: string;
}

export type RecordEvent = (about: Stored, occurrence: Occurrence) => void;

export interface Reporter {
  readonly component: string;
  readonly host?: string;
}

export function createRecorder(client: Client, clock: () => Date, reporter: Reporter): RecordEvent {
  return (about, occurrence) => {
    const namespace = about.metadata.namespace || 'default';
    const into = client.get(NAMESPACES, '', namespace);
    // Nothing is written into a namespace that is going away: its content would never be gone.
    if (into === undefined || into.metadata.deletionTimestamp !== undefined) return;
    const now = clock();
    const name = eventName(about, occurrence, reporter);
    const before = client.get(EVENTS, namespace, name);
    if (before === undefined) {
      client.create(EVENTS, { ...newEvent(about, occurrence, reporter), ...times(now), metadata: { name, namespace } });
    } else {
      client.modify(EVENTS, before, (event) => repeated(event, now));
    }
  };
}

function times(now: Date): object {
  return { firstTimestamp: timestamp(now), lastTimestamp: timestamp(now), eventTime: null, count: 1 };
}

function repeated(event: Event, now: Date): Event {
  return { ...event, count: (event.count ?? 1) + 1, lastTimestamp: timestamp(now) };
}

/** The same occurrence has the same name, so that counting needs no memory. */
function eventName({ metadata }: Stored, occurrence: Occurrence, reporter: Reporter): string {
  const { type, reason, message, fieldPath = '' } = occurrence;
  const identity = JSON.stringify([metadata.uid, type, reason, message, fieldPath, reporter.component]);
  return `${metadata.name.slice(0, 236)}.${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`;
}

function newEvent(about: Stored, { type, reason, message, fieldPath }: Occurrence, reporter: Reporter): object {
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
    source: reporter,
    reportingComponent: reporter.component,
    reportingInstance: reporter.host ?? '',
  };
}
