// Names made from user input: safe for Kubernetes, bounded, and different whenever the input differs.
import { createHash } from 'node:crypto';

const HASH_LENGTH = 12;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** Label values and most names may hold 63 characters. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const MAX_LABEL_LENGTH = 63;

/** What most objects may be called: a DNS subdomain. */
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

export function isObjectName(value: unknown): value is string {
  return typeof value === 'string' && OBJECT_NAME.test(value);
}

/** 48 bits over the parts in order; the parts cannot run into each other. */
export function shortHash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, HASH_LENGTH);
}

/** `text` itself where it is a DNS label of at most `maxLength`, otherwise its legible part and a hash of all of it. */
export function dnsLabel(text: string, maxLength: number = MAX_LABEL_LENGTH): string {
  return text.length <= maxLength && DNS_LABEL.test(text) ? text : hashedLabel(text, [text], maxLength);
}

/** The legible part of `text` and a hash of `identity`: two identities never share a name, however alike their texts. */
export function hashedLabel(text: string, identity: readonly string[], maxLength: number = MAX_LABEL_LENGTH): string {
  const room = maxLength - HASH_LENGTH - 1;
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, room)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? `x-${shortHash(...identity)}` : `${slug}-${shortHash(...identity)}`;
}
