// Two Event APIs share one storage: events.k8s.io/v1 is another spelling of core/v1 Events.
import type { KubeObject } from '../../../lib/kube/objects';
import { apiVersionOf, resourceType, type ResourceType } from '../resources';

/** New name on the left, the core one on the right. */
const SPELLINGS = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
] as const;

const TO_STORED: ReadonlyMap<string, string> = new Map(SPELLINGS);
const TO_SERVED: ReadonlyMap<string, string> = new Map(SPELLINGS.map(([served, stored]) => [stored, served]));

/** The type under which objects of this type are kept. */
export function storedType(type: ResourceType): ResourceType {
  return type.group === 'events.k8s.io' ? resourceType('v1', 'Event') : type;
}

export function toStored(type: ResourceType, object: KubeObject): KubeObject {
  return storedType(type) === type ? object : respell(object, TO_STORED, 'v1');
}

export function toServed(type: ResourceType, object: KubeObject): KubeObject {
  return storedType(type) === type ? object : respell(object, TO_SERVED, apiVersionOf(type));
}

function respell(object: KubeObject, spelling: ReadonlyMap<string, string>, apiVersion: string): KubeObject {
  const entries = Object.entries(object).map(([field, value]) => [spelling.get(field) ?? field, value]);
  return { ...(Object.fromEntries(entries) as KubeObject), apiVersion };
}
