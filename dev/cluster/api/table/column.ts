// Columns of a Table, and the few that many kinds share.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, fields, items, scalar, text, type Fields } from '../json';
import { ageOf } from './duration';

export type Cell = string | number | boolean;

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean';
  readonly format: string;
  /** 1: shown with `-o wide` only. */
  readonly priority: 0 | 1;
  readonly cell: (object: KubeObject, now: Date) => Cell;
}

export function column(name: string, cell: Column['cell']): Column {
  return { name, type: 'string', format: '', priority: 0, cell };
}

export function wide(name: string, cell: Column['cell']): Column {
  return { ...column(name, cell), priority: 1 };
}

export const NAME: Column = { ...column('Name', (object) => object.metadata?.name ?? ''), format: 'name' };

export const AGE: Column = column('Age', (object, now) => ageOf(object.metadata?.creationTimestamp, now));

/** The text at a path, or what stands for nothing. */
export function textAt(object: unknown, path: string, nothing = ''): string {
  const value = at(object, ...path.split('.'));
  return scalar(value) || nothing;
}

export function numberAt(object: unknown, path: string, nothing = 0): number {
  const value = at(object, ...path.split('.'));
  return typeof value === 'number' ? value : nothing;
}

/** `a=1,b=2`: labels or a selector in one cell. */
export function pairs(labels: unknown, nothing = '<none>'): string {
  const list = Object.entries(fields(labels)).map(([key, value]) => `${key}=${text(value)}`);
  return list.join(',') || nothing;
}

export function containersOf(podSpec: unknown, field = 'containers'): readonly Fields[] {
  return items(at(podSpec, field)).map(fields);
}

/** The wide columns of everything that makes pods. */
export const TEMPLATE_COLUMNS: readonly Column[] = [
  wide('Containers', ({ spec }) => templateTexts(spec, 'name')),
  wide('Images', ({ spec }) => templateTexts(spec, 'image')),
];

export const SELECTOR_COLUMN: Column = wide('Selector', ({ spec }) =>
  pairs(at(spec, 'selector', 'matchLabels') ?? at(spec, 'selector')),
);

function templateTexts(spec: unknown, field: string): string {
  const template = at(spec, 'jobTemplate', 'spec', 'template') ?? at(spec, 'template');
  return containersOf(at(template, 'spec'))
    .map((container) => text(container[field]))
    .join(',');
}
