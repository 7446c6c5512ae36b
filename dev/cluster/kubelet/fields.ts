// The fields of a pod that it may be told about itself (fieldRef, downwardAPI).
import type { Pod } from '../controllers/wire';

/** Unknown paths are refused by the API server; here they are empty. */
export function fieldValue({ metadata, spec, status }: Pod, fieldPath: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (keyed !== null) return metadata[keyed[1] === 'labels' ? 'labels' : 'annotations']?.[keyed[2] ?? ''] ?? '';
  const fields: Readonly<Record<string, () => string | undefined>> = {
    'metadata.name': () => metadata.name,
    'metadata.namespace': () => metadata.namespace,
    'metadata.uid': () => metadata.uid,
    'metadata.labels': () => listed(metadata.labels),
    'metadata.annotations': () => listed(metadata.annotations),
    'spec.nodeName': () => spec.nodeName,
    'spec.serviceAccountName': () => spec.serviceAccountName ?? 'default',
    'status.podIP': () => status?.podIP,
    'status.podIPs': () => status?.podIP,
    'status.hostIP': () => status?.hostIP,
    'status.hostIPs': () => status?.hostIP,
  };
  return fields[fieldPath]?.() ?? '';
}

function listed(values: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return lines.toSorted().join('\n');
}
