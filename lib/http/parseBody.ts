// Turns the bytes of a body into a plain value: JSON, or a form whose fields become strings.
import { isUtf8 } from 'node:buffer';
import { AppError } from '../errors';

const JSON_TYPE = 'application/json';
const URL_ENCODED = 'application/x-www-form-urlencoded';
const FORM_TYPES = [URL_ENCODED, 'multipart/form-data'];
export const PARSED_TYPES: readonly string[] = [JSON_TYPE, ...FORM_TYPES];

const OPENING_BRACE = 0x7b;
const MENTIONS_PROTO = /__proto__|\\u005f/i;

/** 415 for another media type, 400 for a body that is not what it says it is. */
export async function parseBody(bytes: Buffer, contentType = ''): Promise<unknown> {
  if (bytes.length === 0) return {};
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase();
  // `curl -d '{...}'` calls everything a form; no form of ours has a field whose name begins like this.
  const isJson = mediaType === JSON_TYPE || (mediaType === URL_ENCODED && bytes[0] === OPENING_BRACE);
  if (isJson) return parseJson(bytes);
  if (FORM_TYPES.some((type) => type === mediaType)) return parseForm(bytes, contentType);
  throw new AppError('unsupported_media_type', 415, `Unsupported media type "${contentType}" in request.`);
}

function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed('JSON', 'invalid UTF-8');
  const text = bytes.toString();
  try {
    return MENTIONS_PROTO.test(text) ? JSON.parse(text, withoutProto) : JSON.parse(text);
  } catch (error) {
    throw malformed('JSON', error instanceof Error ? error.message : 'not JSON');
  }
}

/** A key that would become the prototype of whatever the body is merged into is dropped, at any depth. */
function withoutProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

/** Node's own parser; its classes are loaded on the first form only. */
async function parseForm(bytes: Buffer, contentType: string): Promise<unknown> {
  try {
    const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
    const fields = [...form].filter(([name]) => name !== '__proto__').map(textField);
    return Object.fromEntries(await Promise.all(fields));
  } catch {
    throw malformed('Form', 'not a form of the given content type');
  }
}

async function textField([name, value]: [string, string | { text(): Promise<string> }]): Promise<[string, string]> {
  return [name, typeof value === 'string' ? value : await value.text()];
}

function malformed(kind: string, reason: string): AppError {
  return new AppError('malformed_body', 400, `${kind} parse error - ${reason}`);
}
