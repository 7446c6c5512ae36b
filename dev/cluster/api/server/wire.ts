// Protobuf's wire format: a row of numbered fields, each an integer or bytes.
import { badRequest } from '../status';

export interface WireField {
  readonly number: number;
  /** Integers as they are, without sign; fixed-width numbers and everything longer as bytes. */
  readonly value: bigint | Buffer;
}

const FIXED_WIDTHS: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

export function readWire(bytes: Buffer = Buffer.alloc(0)): readonly WireField[] {
  const found: WireField[] = [];
  let offset = 0;
  const varint = (): bigint => {
    const { value, next } = readVarint(bytes, offset);
    offset = next;
    return value;
  };
  while (offset < bytes.length) {
    const tag = Number(varint());
    const wireType = tag & 7;
    if (wireType === 0) {
      found.push({ number: tag >> 3, value: varint() });
      continue;
    }
    const length = FIXED_WIDTHS[wireType] ?? Number(varint());
    if (offset + length > bytes.length) throw badRequest('protobuf: unexpected end of the body');
    found.push({ number: tag >> 3, value: bytes.subarray(offset, offset + length) });
    offset += length;
  }
  return found;
}

function readVarint(bytes: Buffer, start: number): { value: bigint; next: number } {
  let value = 0n;
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    value |= BigInt(byte & 127) << BigInt(7 * (index - start));
    if (byte < 128) return { value, next: index + 1 };
  }
  throw badRequest('protobuf: unexpected end of the body');
}
