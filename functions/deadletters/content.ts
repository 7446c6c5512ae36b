// What a dead letter carried, as an event that can be sent again: only of those that nobody would find anywhere else. Pure.
// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
import { REQUEST } from '../../lib/carried';
import { parseJson } from '../../lib/record';

export interface Letter {
  /** Of the request: attributes of an event in binary mode are `ce-` headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly now: Date;
}

/** As much as a Secret holds, and about as much as intake takes. */
const MAX_BYTES = 1024 * 1024;
const PREFIX = 'ce-';
/** Knative's words about its last attempt. */
const KNATIVES = 'knativeerror';

/** In structured mode. Undefined when it is not kept: nobody takes what is no JSON, however often it comes. */
export function contentOf({ headers, bytes }: Letter): string | undefined {
  const data = bytes.toString('utf8');
  if (headers['ce-type'] !== REQUEST || parseJson(data) === undefined) return undefined;
  const attributes = Object.entries(headers).flatMap(([header, value]) => {
    const name = header.slice(PREFIX.length);
    return header.startsWith(PREFIX) && !name.startsWith(KNATIVES) ? [[name, decoded(value)] as const] : [];
  });
  const type = headers['content-type'];
  const head = { ...Object.fromEntries(attributes), ...(type !== undefined && { datacontenttype: type }) };
  // As it came, to the last digit.
  const content = `${JSON.stringify(head).slice(0, -1)},"data":${data}}`;
  return Buffer.byteLength(content) <= MAX_BYTES ? content : undefined;
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
