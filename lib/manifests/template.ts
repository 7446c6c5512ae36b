// Parses a manifest template once: YAML to plain values, in which every text that may hold placeholders is kept as a blank.
import { isScalar, parseAllDocuments, parseDocument, visit, Scalar, type Document } from 'yaml';
import { descriptionError, type Place } from './errors';

export interface Template {
  /** File name for error messages: `service.yaml`. */
  readonly file: string;
  readonly text: string;
}

/** A text in the template, and how it was written. */
export class Blank {
  constructor(
    readonly text: string,
    readonly style: 'plain' | 'quoted' | 'block',
  ) {}
}

export interface TemplateDocument {
  /** Plain values, with a Blank for each text. */
  readonly content: unknown;
  readonly place: Place;
}

/** YAML 1.1 as kubectl and PyYAML read it (`0644` is octal), but dates stay text. */
const YAML_OPTIONS = {
  version: '1.1',
  customTags: (tags: readonly unknown[]) => tags.filter((tag) => !isTimestamp(tag)),
} as Parameters<typeof parseAllDocuments>[1];

/** Parsing costs more than all the rest of a start's preparation, and descriptions hardly ever change. */
const REMEMBERED = 100;
const remembered = new Map<string, readonly TemplateDocument[]>();

/** The documents of a template; empty ones are left out, but counted. */
export function parseTemplate({ file, text }: Template): readonly TemplateDocument[] {
  const key = `${file}\n${text}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const documents = parseAllDocuments(text, YAML_OPTIONS) as readonly Document.Parsed[];
  const parsed = documents.flatMap((document, index) => parseOne(document, { file, document: index + 1 }));
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(key, parsed);
  return parsed;
}

/** What YAML makes of a plain scalar; a value that would be a list or a map stays text. */
export function plainValue(text: string): unknown {
  const { contents, errors } = parseDocument(text, YAML_OPTIONS);
  return errors.length === 0 && isScalar(contents) ? contents.value : text;
}

function parseOne(document: Document.Parsed, place: Place): readonly TemplateDocument[] {
  const [error] = document.errors;
  if (error !== undefined) throw descriptionError(place, `not valid YAML: ${firstLine(error.message)}`);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return [];
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value === 'string' && key !== 'key') node.value = new Blank(node.value, styleOf(node));
    },
  });
  return [{ content: document.toJS({ maxAliasCount: 100 }) as unknown, place }];
}

function styleOf({ type }: Scalar): Blank['style'] {
  if (type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED) return 'block';
  return type === Scalar.PLAIN ? 'plain' : 'quoted';
}

function isTimestamp(tag: unknown): boolean {
  return typeof tag === 'object' && tag !== null && 'tag' in tag && tag.tag === 'tag:yaml.org,2002:timestamp';
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '');
}
