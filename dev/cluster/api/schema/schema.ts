// The fields of Kubernetes' types: names, JSON types and protobuf numbers, read from the table in kubernetes.json.
import TABLE from './kubernetes.json';

/** What a single value is; anything else is the name of a message. */
export type Scalar =
  'string' | 'int' | 'float' | 'bool' | 'bytes' | 'time' | 'quantity' | 'intOrString' | 'json' | 'duration';

export interface Field {
  readonly number: number;
  readonly name: string;
  readonly shape: 'single' | 'list' | 'map';
  /** Empty for messages. */
  readonly scalar: Scalar | '';
  /** Empty for scalars. */
  readonly message: string;
  /** The fields of the message lie in the surrounding object. */
  readonly isInline: boolean;
  /** Absent is another thing than zero. */
  readonly isOptional: boolean;
}

const SCALARS: Readonly<Record<string, Scalar>> = {
  s: 'string',
  i: 'int',
  f: 'float',
  b: 'bool',
  y: 'bytes',
  time: 'time',
  quantity: 'quantity',
  intOrString: 'intOrString',
  json: 'json',
  duration: 'duration',
};

const SHAPES: Readonly<Record<string, Field['shape']>> = { '[]': 'list', '{}': 'map' };

const messages: Readonly<Record<string, string>> = TABLE;
const known = new Map<string, readonly Field[]>();

/** The fields of a message as protobuf has them; `undefined` for a type that the table lacks. */
export function fieldsOf(message: string): readonly Field[] | undefined {
  const line = messages[message];
  if (line === undefined) return undefined;
  const found = known.get(message) ?? line.split('; ').map(parseField);
  known.set(message, found);
  return found;
}

const byName = new Map<string, ReadonlyMap<string, Field>>();

/** The fields of a message as JSON has them: inline messages are spread out. */
export function jsonFieldsOf(message: string): ReadonlyMap<string, Field> | undefined {
  const list = fieldsOf(message);
  if (list === undefined) return undefined;
  const found = byName.get(message) ?? new Map(list.flatMap(spread).map((field) => [field.name, field]));
  byName.set(message, found);
  return found;
}

function spread(field: Field): readonly Field[] {
  return field.isInline ? [...(jsonFieldsOf(field.message)?.values() ?? [])] : [field];
}

/** `12 name []Type?` */
function parseField(text: string): Field {
  const [, number = '0', name = '', prefix = '', type = '', optional] =
    /^(\d+) (\S+) (\[\]|\{\})?([\w.]+)(\?)?$/.exec(text) ?? [];
  const scalar = SCALARS[type] ?? '';
  return {
    number: Number(number),
    name,
    shape: SHAPES[prefix] ?? 'single',
    scalar,
    message: scalar === '' ? type : '',
    isInline: name === '^',
    isOptional: optional !== undefined,
  };
}
