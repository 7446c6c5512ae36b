// In which form a client wants objects: as they are, their metadata alone, or as rows of a Table for people (kubectl get).
import type { KubeObject } from '../../../../lib/kube/objects';
import type { Api } from '../context';
import type { ResourceRequest } from '../request';
import { listMetadata, type Page } from '../read/paging';
import { AGE, NAME, type Column } from './column';
import { POD_COLUMNS } from './pods';
import { OTHER_COLUMNS } from './others';
import { WORKLOAD_COLUMNS } from './workloads';

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  ...OTHER_COLUMNS,
  ...WORKLOAD_COLUMNS,
  Pod: POD_COLUMNS,
};

export function wantsTable({ headers }: ResourceRequest): boolean {
  const [first = ''] = (headers.accept ?? '').split(',');
  return first.includes('as=Table');
}

export function wantsMetadata({ headers }: ResourceRequest): boolean {
  const [first = ''] = (headers.accept ?? '').split(',');
  return first.includes('as=PartialObjectMetadataList');
}

export function metadataOfList(page: Page): object {
  // As Kubernetes writes it: a list of nothing is null in this form alone.
  const items = page.items.length === 0 ? null : page.items.map(metadataOf);
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: listMetadata(page), items };
}

/** What to send for one object. */
export function rendererFor(api: Api, request: ResourceRequest): (object: KubeObject) => object {
  if (!wantsTable(request)) return (object) => object;
  return (object) => table(api, request, [object]);
}

export function tableOfList(api: Api, request: ResourceRequest, page: Page): object {
  return { ...table(api, request, page.items), metadata: listMetadata(page) };
}

function table({ clock }: Api, request: ResourceRequest, objects: readonly KubeObject[]): object {
  const columns = COLUMNS[request.target.type.kind] ?? [NAME, AGE];
  const now = clock();
  const rows = objects.map((object) => ({
    cells: columns.map((column) => column.cell(object, now)),
    object: included(request, object),
  }));
  const [first] = objects;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: first?.metadata?.resourceVersion ?? '' },
    columnDefinitions: columns.map(({ name, type, format, priority }) => ({
      name,
      type,
      format,
      description: '',
      priority,
    })),
    rows,
  };
}

/** How much of its object a row carries along. */
function included({ query }: ResourceRequest, object: KubeObject): object | null {
  const wanted = query.get('includeObject');
  if (wanted === 'None') return null;
  if (wanted === 'Object') return object;
  return metadataOf(object);
}

function metadataOf({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
