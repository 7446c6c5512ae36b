// Reads an object as its type says: refuses values of a wrong JSON type, leaves out fields that the type does not have.
import { isFields, type Fields } from '../json';
import { isQuantity } from '../../../../lib/quantity';
import { jsonFieldsOf, type Field, type Scalar } from './schema';

export interface Decoded {
  readonly object: Fields;
  /** Paths of the fields that were left out: `spec.template.spec.containers[0].comand`. */
  readonly unknown: readonly string[];
}

/** Says what cannot be read, in the words of Go's JSON decoder. */
export type Refuse = (why: string) => Error;

export function decodeMessage(message: string, object: Fields, refuse: Refuse): Decoded {
  const unknown: string[] = [];
  return { object: decodeFields(message, object, { path: '', names: '', unknown, refuse }), unknown };
}

interface Place {
  /** With indices. */
  readonly path: string;
  /** Without: as Go's decoder writes them. */
  readonly names: string;
  readonly unknown: string[];
  readonly refuse: Refuse;
}

/** Null means absent, everywhere. */
function decodeFields(message: string, object: Fields, place: Place): Fields {
  const types = jsonFieldsOf(message);
  if (types === undefined) return object;
  const entries = Object.entries(object).flatMap(([name, value]) => {
    const inner = { ...place, path: step(place.path, name), names: step(place.names, name) };
    if (isTypeMeta(name, place)) return [[name, value]];
    const field = types.get(name);
    if (field === undefined) place.unknown.push(inner.path);
    return field === undefined || value === null ? [] : [[name, decodeShape({ message, field }, value, inner)]];
  });
  return Object.fromEntries(entries) as Fields;
}

function isTypeMeta(name: string, { path }: Place): boolean {
  return path === '' && (name === 'apiVersion' || name === 'kind');
}

function step(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

interface Typed {
  /** The message that has the field. */
  readonly message: string;
  readonly field: Field;
}

function decodeShape(typed: Typed, value: unknown, place: Place): unknown {
  const { shape } = typed.field;
  if (shape === 'list') {
    if (!Array.isArray(value)) throw mismatch(typed, value, place);
    return value.map((item, index) => decodeSingle(typed, item, { ...place, path: `${place.path}[${index}]` }));
  }
  if (shape === 'map') {
    if (!isFields(value)) throw mismatch(typed, value, place);
    const entries = Object.entries(value).map(([key, item]) => [key, decodeSingle(typed, item ?? '', place)]);
    return Object.fromEntries(entries) as Fields;
  }
  return decodeSingle(typed, value, place);
}

function decodeSingle(typed: Typed, value: unknown, place: Place): unknown {
  const { scalar, message } = typed.field;
  if (scalar !== '') {
    const why = SCALAR_FAULTS[scalar](value);
    if (why === 'type') throw mismatch(typed, value, place);
    if (why !== undefined) throw place.refuse(why);
    return value;
  }
  if (!isFields(value)) throw mismatch(typed, value, place);
  return decodeFields(message, value, place);
}

type ScalarFault = (value: unknown) => string | undefined;

const typeIs =
  (type: 'string' | 'number' | 'boolean'): ScalarFault =>
  (value) =>
    typeof value === type ? undefined : 'type';

const SCALAR_FAULTS: Readonly<Record<Scalar, ScalarFault>> = {
  string: typeIs('string'),
  duration: typeIs('string'),
  float: typeIs('number'),
  bool: typeIs('boolean'),
  int: (value) => (Number.isInteger(value) ? undefined : 'type'),
  intOrString: (value) => (typeof value === 'string' || Number.isInteger(value) ? undefined : 'type'),
  json: () => undefined,
  bytes: base64Fault,
  time: timeFault,
  quantity: (value) => (isQuantity(value) ? undefined : QUANTITY_FAULT),
};

const QUANTITY_FAULT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function base64Fault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'type';
  const encoded = value.replaceAll(/[\r\n]/g, '');
  const stranger = /[^A-Za-z0-9+/=]/.exec(encoded)?.index;
  const firstBad = stranger ?? (encoded.length % 4 === 0 ? undefined : encoded.length - (encoded.length % 4));
  return firstBad === undefined ? undefined : `illegal base64 data at input byte ${firstBad}`;
}

function timeFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'type';
  const isTime = /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
  return isTime
    ? undefined
    : `parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`;
}

function mismatch({ message, field }: Typed, value: unknown, { names, refuse }: Place): Error {
  return refuse(
    `json: cannot unmarshal ${jsonType(value)} into Go struct field ${message}.${names} of type ${goType(field)}`,
  );
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const GO_TYPES: Readonly<Record<Scalar, string>> = {
  string: 'string',
  duration: 'string',
  int: 'int32',
  float: 'float64',
  bool: 'bool',
  bytes: '[]uint8',
  time: 'string',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  json: 'interface {}',
};

function goType({ shape, scalar, message }: Field): string {
  const one = scalar === '' ? `v1.${message}` : GO_TYPES[scalar];
  if (shape === 'list') return `[]${one}`;
  return shape === 'map' && scalar === '' ? `map[string]${one}` : one;
}
