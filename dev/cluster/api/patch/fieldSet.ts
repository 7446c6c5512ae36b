// Which fields a manifest sets, in the FieldsV1 notation of managedFields: `{"f:spec": {"f:replicas": {}}}`.
import { isDeepStrictEqual } from 'node:util';
import { fields, isFields, items, type Fields } from '../json';
import { SETS, type MergeKeys } from './mergeKeys';

export type FieldSet = { readonly [step: string]: FieldSet };

const IDENTITY = new Set(['apiVersion', 'kind']);
const SYSTEM_METADATA = new Set(['name', 'namespace', 'uid', 'resourceVersion', 'managedFields', 'creationTimestamp']);

export function fieldSetOf(manifest: Fields, keys: MergeKeys): FieldSet {
  const metadata = Object.fromEntries(
    Object.entries(fields(manifest.metadata)).filter(([field]) => !SYSTEM_METADATA.has(field)),
  );
  const rest = Object.entries(manifest).filter(([field]) => !IDENTITY.has(field) && field !== 'metadata');
  return setOf(Object.fromEntries([...rest, ['metadata', metadata]]), keys);
}

function setOf(value: unknown, keys: MergeKeys): FieldSet {
  const entries = Object.entries(fields(value)).filter(([field]) => !isFields(value) || field !== '');
  return Object.fromEntries(entries.map(([field, inner]) => [`f:${field}`, setOfField(field, inner, keys)]));
}

function setOfField(field: string, value: unknown, keys: MergeKeys): FieldSet {
  if (isFields(value)) return setOf(value, keys);
  const key = keys[field];
  if (!Array.isArray(value) || (key === undefined && !SETS.has(field))) return {};
  return Object.fromEntries(items(value).map((item) => [stepOf(item, key), isFields(item) ? setOf(item, keys) : {}]));
}

function stepOf(item: unknown, key = ''): string {
  return isFields(item) ? `k:${JSON.stringify({ [key]: item[key] })}` : `v:${JSON.stringify(item)}`;
}

/** The object without the fields that `before` has and neither `after` nor anybody else claims. */
export function dropFields(object: unknown, before: FieldSet, claims: readonly FieldSet[]): unknown {
  if (Array.isArray(object)) {
    return items(object).flatMap((item) => {
      const step = Object.keys(before).find((candidate) => isItemOf(item, candidate));
      return step === undefined ? [item] : dropAt(item, step, { before, claims });
    });
  }
  if (!isFields(object)) return object;
  const kept = Object.entries(object).flatMap(([field, value]) =>
    dropAt(value, `f:${field}`, { before, claims }).map((left) => [field, left]),
  );
  return Object.fromEntries(kept);
}

interface Drop {
  readonly before: FieldSet;
  readonly claims: readonly FieldSet[];
}

/** The value in a list, or an empty list when it is dropped. */
function dropAt(value: unknown, step: string, { before, claims }: Drop): unknown[] {
  const inner = before[step];
  if (inner === undefined) return [value];
  const stillClaimed = claims.flatMap((claim) => claim[step] ?? []);
  const isLeaf = Object.keys(inner).length === 0;
  if (isLeaf) return stillClaimed.length === 0 ? [] : [value];
  const left = dropFields(value, inner, stillClaimed);
  return stillClaimed.length === 0 && isEmpty(left, step) ? [] : [left];
}

/** A list item that nobody claims any more is empty once only its key is left. */
function isEmpty(value: unknown, step: string): boolean {
  if (Array.isArray(value)) return value.length === 0;
  const key = step.startsWith('k:') ? fields(JSON.parse(step.slice(2))) : {};
  return isDeepStrictEqual(value, {}) || isDeepStrictEqual(value, key);
}

function isItemOf(item: unknown, step: string): boolean {
  if (step.startsWith('v:')) return isDeepStrictEqual(JSON.parse(step.slice(2)), item);
  const [entry] = Object.entries(fields(step.startsWith('k:') ? JSON.parse(step.slice(2)) : undefined));
  return entry !== undefined && isDeepStrictEqual(fields(item)[entry[0]], entry[1]);
}
