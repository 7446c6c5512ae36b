// Events in order and by subject. The scheduler writes eventTime and series, the kubelet firstTimestamp, lastTimestamp and count.
import type { KubeEvent } from './observed';
import { latest, timeOf } from './times';

interface Subject {
  readonly name: string;
  readonly uid: string;
}

export function lastTimeOf(event: KubeEvent): number {
  const last = timeOf(event.series?.lastObservedTime) ?? timeOf(event.lastTimestamp);
  return last ?? latest(timeOf(event.eventTime) ?? timeOf(event.metadata?.creationTimestamp));
}

export function firstTimeOf(event: KubeEvent): number {
  return timeOf(event.firstTimestamp) ?? timeOf(event.eventTime) ?? lastTimeOf(event);
}

export function countOf(event: KubeEvent): number {
  return event.series?.count ?? event.count ?? 1;
}

/** Oldest first; the same order whatever order they came in. */
export function sortEvents(events: readonly KubeEvent[]): readonly KubeEvent[] {
  return events
    .map((event) => ({ event, time: lastTimeOf(event), text: JSON.stringify(event) }))
    .sort((a, b) => a.time - b.time || (a.text < b.text ? -1 : 1))
    .map(({ event }) => event);
}

export function eventsOfPod(events: readonly KubeEvent[], pod: Subject): readonly KubeEvent[] {
  return events.filter(({ involvedObject }) => {
    if (involvedObject?.kind !== 'Pod' || involvedObject.name !== pod.name) return false;
    return !involvedObject.uid || involvedObject.uid === pod.uid;
  });
}

export function isAboutContainer(event: KubeEvent, container: string): boolean {
  return event.involvedObject?.fieldPath?.endsWith(`{${container}}`) ?? false;
}

export function withReason(events: readonly KubeEvent[], ...reasons: readonly string[]): readonly KubeEvent[] {
  return events.filter((event) => reasons.includes(event.reason ?? ''));
}
