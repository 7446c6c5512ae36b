// Strategic merge patch: like a merge patch, but lists of named items merge item by item, steered by `$` directives.
import { fields, isFields, items, text, type Fields } from '../json';
import { SETS, type MergeKeys } from './mergeKeys';

const DELETE_FROM = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

export function strategicMerge(target: unknown, patch: unknown, keys: MergeKeys): unknown {
  if (!isFields(patch)) return patch;
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  const merged = new Map(Object.entries(retained(fields(target), patch)));
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) continue;
    if (value === null) merged.delete(field);
    else merged.set(field, mergeField({ field, was: merged.get(field), value, keys }));
  }
  for (const [directive, value] of Object.entries(patch)) applyListDirective(merged, { directive, value, keys });
  return Object.fromEntries(merged);
}

/** `$retainKeys`: of the present fields only these stay. */
function retained(target: Fields, patch: Fields): Fields {
  if (patch.$retainKeys === undefined) return target;
  const kept = new Set(items(patch.$retainKeys));
  return Object.fromEntries(Object.entries(target).filter(([field]) => kept.has(field)));
}

interface FieldPatch {
  readonly field: string;
  readonly was: unknown;
  readonly value: unknown;
  readonly keys: MergeKeys;
}

function mergeField({ field, was, value, keys }: FieldPatch): unknown {
  if (!Array.isArray(value)) return strategicMerge(was, value, keys);
  if (SETS.has(field)) return [...new Set([...items(was), ...items(value)])];
  const key = keys[field];
  const list = items(value).map(fields);
  if (key === undefined || list.some((item) => item.$patch === 'replace')) return replacement(value);
  return mergeItems(items(was).map(fields), list, { key, keys });
}

function replacement(value: unknown): unknown[] {
  return items(value)
    .filter((item) => fields(item).$patch === undefined)
    .map((item) => strategicMerge(undefined, item, {}));
}

function mergeItems(was: readonly Fields[], patch: readonly Fields[], by: { key: string; keys: MergeKeys }): unknown[] {
  const merged = new Map<unknown, unknown>(was.map((item) => [item[by.key], item]));
  for (const item of patch) {
    const id = item[by.key];
    if (item.$patch === 'delete') merged.delete(id);
    else merged.set(id, strategicMerge(merged.get(id), item, by.keys));
  }
  return [...merged.values()];
}

interface ListDirective {
  readonly directive: string;
  readonly value: unknown;
  readonly keys: MergeKeys;
}

function applyListDirective(merged: Map<string, unknown>, { directive, value, keys }: ListDirective): void {
  if (directive.startsWith(DELETE_FROM)) {
    const field = directive.slice(DELETE_FROM.length);
    const removed = new Set(items(value));
    merged.set(
      field,
      items(merged.get(field)).filter((item) => !removed.has(item)),
    );
  }
  if (directive.startsWith(ELEMENT_ORDER)) {
    const field = directive.slice(ELEMENT_ORDER.length);
    if (Array.isArray(merged.get(field)))
      merged.set(field, ordered(items(merged.get(field)), items(value), keys[field]));
  }
}

/** Items in the wanted order; those that it does not name come last. */
function ordered(list: readonly unknown[], order: readonly unknown[], key = ''): unknown[] {
  const idOf = (item: unknown): string => (isFields(item) ? String(item[key]) : text(item));
  const places = new Map(order.map((item, place) => [idOf(item), place]));
  const placeOf = (item: unknown): number => places.get(idOf(item)) ?? order.length;
  return list.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function withoutDirectives(patch: Fields): Fields {
  return Object.fromEntries(Object.entries(patch).filter(([field]) => !field.startsWith('$')));
}
