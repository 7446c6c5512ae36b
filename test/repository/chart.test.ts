// What the chart says of itself fits what is there: versions, functions, paths, and the questions that Rancher asks.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findRoute } from '../../dev/gateway/routes';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const inChart = (name: string): unknown => parse(read(`charts/hub-functions/${name}`)) as unknown;

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly patternProperties?: object;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
}

interface Question {
  readonly variable: string;
  readonly type: string;
  readonly group?: string;
  readonly default: unknown;
  readonly options?: readonly string[];
  readonly show_if?: string;
  readonly show_subquestion_if?: unknown;
  readonly subquestions?: readonly Question[];
}

const schema = JSON.parse(read('charts/hub-functions/values.schema.json')) as Schema;
const values = inChart('values.yaml');
const { questions } = inChart('questions.yaml') as { readonly questions: readonly Question[] };
const asked = questions.flatMap((question) => [question, ...(question.subquestions ?? [])]);

function schemaOf(variable: string): Schema | undefined {
  let found: Schema | undefined = schema;
  for (const key of variable.split('.')) found = resolved(resolved(found)?.properties?.[key]);
  return found;
}

function resolved(part: Schema | undefined): Schema | undefined {
  const definition = part?.$ref?.replace('#/definitions/', '');
  return definition === undefined ? part : schema.definitions?.[definition];
}

function valueOf(variable: string): unknown {
  return variable.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], values);
}

test('its version and that of the functions are one', () => {
  const { version } = JSON.parse(read('package.json')) as { readonly version: string };
  expect(inChart('Chart.yaml')).toMatchObject({ version, appVersion: version });
});

test('it knows each function, and the values tell of it', () => {
  const functions = readdirSync(join(root, 'functions'));
  expect(Object.keys(schemaOf('functions')?.properties ?? {})).toEqual(functions);
  expect(Object.keys(valueOf('functions') as object)).toEqual(functions);
});

/** Objects whose keys are the operator's own. */
const FREE = new Set(['global', 'config', 'affinity']);

test.each(Object.entries({ values: schema, ...schema.definitions }))(
  '%s: no key is taken that nobody reads',
  (_, part) => {
    const open = (name: string, { type, properties, additionalProperties, ...rest }: Schema): readonly string[] => {
      const isFree = FREE.has(name) || rest.$ref !== undefined || (type !== 'object' && properties === undefined);
      const inner = Object.entries(properties ?? {}).flatMap(([key, child]) => open(key, child));
      return !isFree && additionalProperties === undefined ? [name, ...inner] : inner;
    };
    expect(open('', part)).toEqual([]);
  },
);

test('each value has a schema, and each schema but that of foreign values a value', () => {
  const { global: _, ...own } = schema.properties ?? {};
  expect(Object.keys(values as object).toSorted()).toEqual(Object.keys(own).toSorted());
});

/** What one function is by default is said by deploy/knative. */
const OF_ROSTER: Readonly<Record<string, unknown>> = {
  'functions.services.minInstances': 0,
  'functions.services.maxInstances': 5,
  'functions.services.external': false,
  'functions.userjobs.enabled': true,
  'functions.intake.enabled': true,
  'functions.archive.enabled': true,
};

/** Of values; an enumeration has none in the schema. */
const TYPES: Readonly<Record<string, string | undefined>> = {
  boolean: 'boolean',
  enum: undefined,
  hostname: 'string',
  int: 'integer',
  pvc: 'string',
  storageclass: 'string',
  string: 'string',
};

function typeOf({ type }: Question): string | undefined {
  expect(Object.keys(TYPES)).toContain(type);
  return TYPES[type];
}

describe.each(asked.map((question) => [question.variable, question] as const))('question %s', (variable, question) => {
  test('is a value, with its default', () => {
    expect(schemaOf(variable)).toBeDefined();
    expect(question.default).toEqual(OF_ROSTER[variable] ?? valueOf(variable));
  });

  test('offers what the schema takes', () => {
    const { type, enum: taken } = schemaOf(variable) ?? {};
    expect({ options: question.options, type: typeOf(question) }).toEqual({ options: taken, type });
  });

  test('is shown because of a value that is another question', () => {
    const [on = 'platform'] = question.show_if?.split('=') ?? [];
    expect(asked.map((other) => other.variable)).toContain(on);
    expect(question.subquestions === undefined).toBe(question.show_subquestion_if === undefined);
  });
});

test('each question stands in a group', () => {
  expect(questions.filter(({ group }) => group === undefined)).toEqual([]);
});

test('the ingress leads where the gateway of a developer does', () => {
  const template = read('charts/hub-functions/templates/ingress.yaml');
  const [, text = ''] = /\$doors := dict (.*?) -\}\}/.exec(template) ?? [];
  const words = text.split(' ').map((word) => word.replaceAll('"', ''));
  const doors = words.flatMap((path, index) => (index % 2 === 0 ? [[path, words[index + 1]] as const] : []));
  expect(doors.length).toBeGreaterThan(5);
  // Outpost's path means something else there.
  for (const [path, name] of doors.filter(([door]) => door !== '/services')) {
    expect(findRoute(`${path}/x`)).toMatchObject({ to: 'function', name });
  }
});
