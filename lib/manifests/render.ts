// Manifest templates to manifests: parsed first and filled afterwards, so that a value can never add a key (docs/adr/0004).
import type { KubeObject } from '../kube/objects';
import { isRecord } from '../record';
import { descriptionError, type Place } from './errors';
import { fill, unknownPlaceholders, type Substitution } from './placeholders';
import { Blank, parseTemplate, plainValue, type Template } from './template';

/** A manifest and the place in the template it came from. */
export interface Rendered {
  readonly manifest: KubeObject;
  readonly place: Place;
}

export function renderManifests(template: Template, substitution: Substitution): readonly Rendered[] {
  return parseTemplate(template).map(({ content, place }) => {
    const manifest = fillValue(content, { substitution, place, path: '' });
    if (!isRecord(manifest))
      throw descriptionError(place, 'a manifest must be a map with apiVersion, kind and metadata');
    return { manifest, place };
  });
}

interface Position {
  readonly substitution: Substitution;
  readonly place: Place;
  /** `spec.containers[0]` */
  readonly path: string;
}

function fillValue(value: unknown, at: Position): unknown {
  if (value instanceof Blank) return fillBlank(value, at);
  if (Array.isArray(value)) return value.map((item, index) => fillValue(item, { ...at, path: `${at.path}[${index}]` }));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => fillEntry(key, item, at));
  const filled = Object.fromEntries(entries);
  if (Object.keys(filled).length === entries.length) return filled;
  throw descriptionError({ ...at.place, path: at.path }, 'two keys are the same once they are filled');
}

function fillEntry(key: string, item: unknown, at: Position): readonly [string, unknown] {
  const path = at.path === '' ? key : `${at.path}.${key}`;
  const filledKey = fill(key, at.substitution).text;
  refuseUnknown(filledKey, { ...at, path: `${path} (the key)` });
  return [filledKey, fillValue(item, { ...at, path })];
}

function fillBlank({ text, style }: Blank, at: Position): unknown {
  const filled = fill(text, at.substitution);
  // Scripts and pages in block scalars are full of angle brackets of their own.
  if (style !== 'block') refuseUnknown(filled.text, at);
  return filled.typed && style === 'plain' ? plainValue(filled.text) : filled.text;
}

function refuseUnknown(text: string, { substitution: { indicators }, place, path }: Position): void {
  if (!text.includes(indicators[0])) return;
  const [unknown] = unknownPlaceholders(text, indicators);
  if (unknown === undefined) return;
  throw descriptionError({ ...place, path }, `unknown placeholder ${indicators[0]}${unknown}${indicators[1]}`);
}
