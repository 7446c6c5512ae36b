// Faults in an object, in the words of the real server: a field path and what is wrong there.
import type { FieldCause } from '../status';

export type Fault = FieldCause;

export function required(field: string, detail = ''): Fault {
  return fault('FieldValueRequired', field, ['Required value', detail]);
}

export function invalidValue(field: string, value: unknown, detail: string): Fault {
  return fault('FieldValueInvalid', field, [`Invalid value: ${shown(value)}`, detail]);
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): Fault {
  const list = supported.map((one) => JSON.stringify(one)).join(', ');
  return fault('FieldValueNotSupported', field, [`Unsupported value: ${shown(value)}`, `supported values: ${list}`]);
}

export function duplicate(field: string, value: unknown): Fault {
  return fault('FieldValueDuplicate', field, [`Duplicate value: ${shown(value)}`]);
}

export function notFoundValue(field: string, value: unknown): Fault {
  return fault('FieldValueNotFound', field, [`Not found: ${shown(value)}`]);
}

export function tooLong(field: string, maxBytes: number): Fault {
  return fault('FieldValueTooLong', field, ['Too long', `may not be more than ${maxBytes} bytes`]);
}

export function forbiddenField(field: string, detail: string): Fault {
  return fault('FieldValueForbidden', field, ['Forbidden', detail]);
}

export function immutable(field: string, value: unknown): Fault {
  return invalidValue(field, value, 'field is immutable');
}

function fault(reason: string, field: string, words: readonly string[]): Fault {
  return { reason, message: words.filter((word) => word !== '').join(': '), field };
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
