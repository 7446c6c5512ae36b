// What is asked of a collection, a watch or a log, and where: paths and their parameters.
import { collectionPath, objectPath, type Collection } from './resources';

export interface Selection extends Collection {
  /** `hub-functions/kind=service,hub-functions/name=x` */
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects a page; the whole collection when absent. */
  readonly limit?: number;
  readonly continueToken?: string;
  /** `'0'`: whatever the API server's cache holds, perhaps a second old, without asking etcd. */
  readonly resourceVersion?: '0';
  /** Of each object its metadata alone, without what it holds. */
  readonly metadataOnly?: true;
}

/** From which version on, and for how long. */
export interface WatchSelection extends Collection, Pick<Selection, 'labelSelector' | 'fieldSelector'> {
  readonly resourceVersion: string;
  /** The API server ends the watch by itself after this time. */
  readonly timeoutSeconds: number;
}

export interface LogQuery {
  readonly container?: string;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly previous?: boolean;
  /** Goes on until the container ends. */
  readonly follow?: boolean;
  readonly sinceSeconds?: number;
}

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

export function logPath(pod: PodRef, query: LogQuery): string {
  return `${objectPath({ apiVersion: 'v1', kind: 'Pod', ...pod })}/log${queryString({ ...query })}`;
}

export function selectionPath({ labelSelector, fieldSelector, limit, continueToken, ...selection }: Selection): string {
  const { resourceVersion, ...collection } = selection;
  return (
    collectionPath(collection) +
    queryString({ labelSelector, fieldSelector, limit, continue: continueToken, resourceVersion })
  );
}

export function watchPath({
  labelSelector,
  fieldSelector,
  resourceVersion,
  timeoutSeconds,
  ...collection
}: WatchSelection): string {
  const options = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
  return collectionPath(collection) + queryString({ ...options, labelSelector, fieldSelector });
}

function queryString(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`;
}
