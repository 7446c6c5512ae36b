// Turns a dead letter into the record that stays: what it was, who could not take it and why; not what it carried.
import { createHash } from 'node:crypto';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { shortHash } from '../../lib/naming';
import type { Letter } from './content';

export interface DeadLetter extends KubeObject {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly data: Readonly<Record<string, string>>;
}

export const DEAD_LETTER = 'dead-letter';
const MAX_VALUE_LENGTH = 1024;

/** Names in the record by names of attributes; the last three are Knative's words about its last attempt. */
const ATTRIBUTES = {
  type: 'type',
  source: 'source',
  id: 'id',
  subject: 'subject',
  time: 'time',
  refusedBy: 'knativeerrordest',
  status: 'knativeerrorcode',
  answer: 'knativeerrordata',
} as const;

/** Two deliveries of one letter make one record: its name follows from source and id. */
export function toRecord({ headers, bytes, now }: Letter, content?: string): DeadLetter {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const known = Object.entries(ATTRIBUTES).flatMap(([name, attribute]) => {
    const value = headers[`ce-${attribute}`];
    return value === undefined ? [] : [[name, value.slice(0, MAX_VALUE_LENGTH)] as const];
  });
  const { id = digest, source = '', ...rest } = Object.fromEntries(known);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${DEAD_LETTER}-${shortHash(source, id)}`,
      labels: { [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: DEAD_LETTER },
    },
    data: {
      ...rest,
      source,
      id,
      receivedAt: now.toISOString(),
      bytes: String(bytes.length),
      sha256: digest,
      ...(content !== undefined && { content: 'in the Secret of this name' }),
    },
  };
}
