// Requests are the one kind of event that no sweep makes good: the broker tries them for longer, and they end where all others do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

interface Eventing {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly delivery?: Delivery };
}

interface Delivery {
  readonly retry: number;
  readonly backoffPolicy: string;
  readonly backoffDelay: string;
  readonly deadLetterSink: object;
}

function deliveryOf(file: string, name: string): Delivery | undefined {
  const text = readFileSync(join(__dirname, '../../deploy/knative', file), 'utf8');
  const all = parseAllDocuments(text).map((document) => document.toJS() as Eventing);
  return all.find(({ metadata }) => metadata.name === name)?.spec.delivery;
}

test('a request is tried for more than an hour, and ends with the dead letters', () => {
  const delivery = deliveryOf('intake/triggers.yaml', 'hub-functions-intake-request');
  const [, seconds = ''] = /^PT(\d+)S$/.exec(delivery?.backoffDelay ?? '') ?? [];

  expect(delivery).toMatchObject({ backoffPolicy: 'exponential' });
  // https://github.com/knative/eventing/blob/main/pkg/kncloudevents/retries.go: the nth pause is twice the one before.
  expect(Number(seconds) * (2 ** (delivery?.retry ?? 0) - 1)).toBeGreaterThan(3_600);
  expect(delivery?.deadLetterSink).toEqual(deliveryOf('events/broker.yaml', 'hub-functions')?.deadLetterSink);
});
