// Reads what typed Go clients send (kubectl create, kubectl auth): Kubernetes' protobuf, turned into JSON.
import { fields, type Fields } from '../json';
import { fieldsOf, type Field } from '../schema/schema';
import { badRequest } from '../status';
import { readWire, type WireField } from './wire';

const MAGIC = Buffer.from('k8s\0');

/** An object in Kubernetes' envelope (`runtime.Unknown`) as JSON. */
export function protobufToJson(body: Buffer): string {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw badRequest('not a Kubernetes protobuf body');
  const [typeMeta, raw] = [1, 2].map((number) => bytesOf(readWire(body.subarray(MAGIC.length)), number));
  const [apiVersion, kind] = [1, 2].map((number) => bytesOf(readWire(typeMeta), number).toString());
  const message = apiVersion === 'events.k8s.io/v1' ? 'events.Event' : (kind ?? '');
  return JSON.stringify({ apiVersion, kind, ...decode(message, raw) });
}

function bytesOf(wire: readonly WireField[], number: number): Buffer {
  const found = wire.find((field) => field.number === number);
  return found?.value instanceof Buffer ? found.value : Buffer.alloc(0);
}

function decode(message: string, bytes: Buffer = Buffer.alloc(0)): Fields {
  const types = fieldsOf(message);
  if (types === undefined) throw badRequest(`no protobuf schema for ${message}`);
  const wire = readWire(bytes);
  const parts = types.map((field) => {
    const values = wire.filter(({ number }) => number === field.number).map(({ value }) => value);
    return values.length === 0 ? {} : partOf(field, values);
  });
  return Object.assign({}, ...parts) as Fields;
}

type WireValue = WireField['value'];

/** What a field adds to its object; a zero that is no pointer in Go stands for nothing. */
function partOf(field: Field, values: readonly WireValue[]): Fields {
  const { name, shape } = field;
  if (shape === 'list') return { [name]: values.map((value) => single(field, value)) };
  if (shape === 'map') return { [name]: Object.assign({}, ...values.map((value) => entry(field, value))) as Fields };
  const value = single(field, values.at(-1) ?? 0n);
  if (field.isInline) return fields(value);
  return !field.isOptional && isZero(value) ? {} : { [name]: value };
}

function isZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false || value === null;
}

function entry(field: Field, value: WireValue): Fields {
  const wire = readWire(bufferOf(value));
  return {
    [bytesOf(wire, 1).toString()]: single(field, wire.find(({ number }) => number === 2)?.value ?? Buffer.alloc(0)),
  };
}

function single(field: Field, value: WireValue): unknown {
  return field.scalar === '' ? decode(field.message, bufferOf(value)) : SCALARS[field.scalar](value);
}

const SCALARS: Readonly<Record<Exclude<Field['scalar'], ''>, (value: WireValue) => unknown>> = {
  string: (value) => bufferOf(value).toString(),
  bytes: (value) => bufferOf(value).toString('base64'),
  int: (value) => Number(BigInt.asIntN(64, integerOf(value))),
  bool: (value) => integerOf(value) !== 0n,
  float: (value) => bufferOf(value).readDoubleLE(),
  time: timeOf,
  quantity: (value) => bytesOf(readWire(bufferOf(value)), 1).toString(),
  intOrString: intOrStringOf,
  duration: (value) => `${Number(integerIn(bufferOf(value), 1)) / 1e9}s`,
  json: (value) => JSON.parse(bytesOf(readWire(bufferOf(value)), 1).toString() || 'null') as unknown,
};

function bufferOf(value: WireValue): Buffer {
  return value instanceof Buffer ? value : Buffer.alloc(0);
}

function integerOf(value: WireValue): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

function integerIn(bytes: Buffer, number: number): bigint {
  return integerOf(readWire(bytes).find((field) => field.number === number)?.value ?? 0n);
}

/** Go's zero time is no time. */
function timeOf(value: WireValue): string | null {
  const seconds = Number(BigInt.asIntN(64, integerIn(bufferOf(value), 1)));
  const milliseconds = Number(integerIn(bufferOf(value), 2)) / 1e6;
  return seconds <= 0 ? null : new Date(seconds * 1000 + milliseconds).toISOString();
}

function intOrStringOf(value: WireValue): string | number {
  const bytes = bufferOf(value);
  const isText = integerIn(bytes, 1) === 1n;
  return isText ? bytesOf(readWire(bytes), 3).toString() : Number(BigInt.asIntN(64, integerIn(bytes, 2)));
}
