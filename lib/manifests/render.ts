// Manifest templates to manifests: the YAML is parsed first and its scalars are filled afterwards, so that a value can never add a key (docs/adr/0004).
import {
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  parseDocument,
  visit,
  Scalar,
  type Document,
  type Node,
} from 'yaml';
import type { KubeObject } from '../kube/objects';
import { descriptionError, type Place } from './errors';
import { fill, unknownPlaceholders, type Substitution } from './placeholders';

export interface Template {
  /** File name for error messages: `service.yaml`. */
  readonly file: string;
  readonly text: string;
}

/** A manifest and the place in the template it came from. */
export interface Rendered {
  readonly manifest: KubeObject;
  readonly place: Place;
}

/** YAML 1.1 as kubectl and PyYAML read it (`0644` is octal), but dates stay text. */
const YAML_OPTIONS = {
  version: '1.1',
  customTags: (tags: readonly unknown[]) => tags.filter((tag) => !isTimestamp(tag)),
} as Parameters<typeof parseAllDocuments>[1];

export function renderManifests(template: Template, substitution: Substitution): readonly Rendered[] {
  const documents = parseAllDocuments(template.text, YAML_OPTIONS) as readonly Document.Parsed[];
  return documents.flatMap((document, index) => {
    const place = { file: template.file, document: index + 1 };
    const [error] = document.errors;
    if (error !== undefined) throw descriptionError(place, `not valid YAML: ${firstLine(error.message)}`);
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return [];
    fillScalars(document, substitution, place);
    return [{ manifest: toObject(document, place), place }];
  });
}

function fillScalars(document: Document.Parsed, substitution: Substitution, place: Place): void {
  visit(document, {
    Scalar(key, node, ancestors) {
      if (typeof node.value !== 'string') return;
      const { text, typed } = fill(node.value, substitution);
      if (!isForeignText(node)) {
        const [unknown] = unknownPlaceholders(text, substitution.indicators);
        const [open, close] = substitution.indicators;
        if (unknown !== undefined) {
          const path = pathOf([...ancestors, node] as readonly Node[], key);
          throw descriptionError({ ...place, path }, `unknown placeholder ${open}${unknown}${close}`);
        }
      }
      node.value = typed && node.type === 'PLAIN' && key !== 'key' ? plainValue(text) : text;
    },
  });
}

/** Scripts and pages in block scalars are full of angle brackets of their own: known placeholders are filled, the rest is theirs. */
function isForeignText(node: Scalar): boolean {
  return node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
}

/** What YAML makes of a plain scalar; a value that would be a list or a map stays text. */
function plainValue(text: string): unknown {
  const { contents, errors } = parseDocument(text, YAML_OPTIONS);
  return errors.length === 0 && isScalar(contents) ? contents.value : text;
}

function toObject(document: Document.Parsed, place: Place): KubeObject {
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw descriptionError(place, 'a manifest must be a map with apiVersion, kind and metadata');
  }
  return value as KubeObject;
}

function pathOf(trail: readonly Node[], key: unknown): string {
  const steps = trail.flatMap((node, index) => {
    const child = trail[index + 1];
    if (isPair(node)) return isScalar(node.key) ? [`.${String(node.key.value)}`] : [];
    if (isSeq(node) && child !== undefined) return [`[${node.items.indexOf(child)}]`];
    return [];
  });
  const path = steps.join('').replace(/^\./, '');
  return key === 'key' ? `${path} (the key)` : path;
}

function isTimestamp(tag: unknown): boolean {
  return typeof tag === 'object' && tag !== null && 'tag' in tag && tag.tag === 'tag:yaml.org,2002:timestamp';
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '');
}
