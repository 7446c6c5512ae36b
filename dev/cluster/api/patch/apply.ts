// Server-side apply: merges what a manager applied, and removes what the same manager applied before but does no longer.
import { isDeepStrictEqual } from 'node:util';
import { at, fields, isFields, items, text, type Fields } from '../json';
import { timestamp } from '../../timestamp';
import { failureError } from '../status';
import { dropFields, fieldSetOf, type FieldSet } from './fieldSet';
import type { MergeKeys } from './mergeKeys';
import { strategicMerge } from './strategicMerge';

export interface Apply {
  /** What the manager wants. */
  readonly manifest: Fields;
  readonly fieldManager: string;
  readonly force: boolean;
  readonly keys: MergeKeys;
  readonly now: Date;
}

/** The object after the apply; of a missing one, start with `{}`. */
export function applyManifest(current: Fields, { manifest, fieldManager, force, keys, now }: Apply): Fields {
  const entries = items(at(current, 'metadata', 'managedFields')).map(fields);
  const mine = entries.find((entry) => entry.manager === fieldManager);
  const others = entries.filter((entry) => entry.manager !== fieldManager);
  const wanted = fieldSetOf(manifest, keys);
  const merged = fields(strategicMerge(current, manifest, keys));
  if (!force) refuseConflicts(current, merged, { wanted, others });

  const claims = [wanted, ...others.map(setOfEntry)];
  const left = mine === undefined ? merged : fields(dropFields(merged, setOfEntry(mine), claims));
  const isSame = mine !== undefined && isDeepStrictEqual(setOfEntry(mine), wanted);
  const entry = isSame
    ? mine
    : {
        manager: fieldManager,
        operation: 'Apply',
        apiVersion: manifest.apiVersion,
        time: timestamp(now),
        fieldsType: 'FieldsV1',
        fieldsV1: wanted,
      };
  return { ...left, metadata: { ...fields(left.metadata), managedFields: [...others, entry] } };
}

function setOfEntry(entry: Fields): FieldSet {
  return fields(entry.fieldsV1) as FieldSet;
}

interface Claims {
  readonly wanted: FieldSet;
  readonly others: readonly Fields[];
}

function refuseConflicts(current: Fields, merged: Fields, { wanted, others }: Claims): void {
  const conflicts = others.flatMap((other) => {
    const paths = changedPaths(current, merged, [wanted, setOfEntry(other)]);
    return paths.map((path) => ({ manager: text(other.manager), path }));
  });
  if (conflicts.length === 0) return;
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${JSON.stringify(manager)}`,
    field: path,
  }));
  const list = conflicts.map(({ manager, path }) => `conflict with ${JSON.stringify(manager)}: ${path}`).join(', ');
  const message = `Apply failed with ${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}: ${list}`;
  throw failureError({ reason: 'Conflict', message, code: 409, details: { causes } });
}

/** Leaves that both sets name and whose value changes. */
function changedPaths(was: unknown, is: unknown, [a, b]: readonly [FieldSet, FieldSet]): string[] {
  const shared = Object.keys(a).filter((step) => b[step] !== undefined);
  if (shared.length === 0) return isLeaf(a) && isLeaf(b) && !isDeepStrictEqual(was, is) ? [''] : [];
  return shared.flatMap((step) => {
    const inner = changedPaths(childOf(was, step), childOf(is, step), [a[step] ?? {}, b[step] ?? {}]);
    return inner.map((path) => shown(step) + path);
  });
}

function isLeaf(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}

function childOf(value: unknown, step: string): unknown {
  if (step.startsWith('f:')) return fields(value)[step.slice(2)];
  const key: unknown = JSON.parse(step.slice(2));
  if (!isFields(key)) return items(value).find((item) => item === key);
  const [[field, id] = ['', undefined]] = Object.entries(key);
  return items(value).find((item) => fields(item)[field] === id);
}

/** `.spec.replicas`, `[name="main"]`: as messages write a step. */
function shown(step: string): string {
  if (step.startsWith('f:')) return `.${step.slice(2)}`;
  const key: unknown = JSON.parse(step.slice(2));
  const parts = Object.entries(fields(key)).map(([field, id]) => `${field}=${JSON.stringify(id)}`);
  return isFields(key) ? `[${parts.join(',')}]` : `[=${JSON.stringify(key)}]`;
}
