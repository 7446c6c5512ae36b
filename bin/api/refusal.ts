// What a service's answer means for who asked: a refusal in one sentence, and a value of the form that was expected.
import { text } from 'node:stream/consumers';
import type * as z from 'zod';
import { AppError } from '../../lib/errors';
import { isRecord, parseJson } from '../../lib/record';
import type { Answer } from './api';

/** Reads the body of an answer that is not what was asked for. */
export async function refusalOf({ status, body }: Answer): Promise<AppError> {
  const detail = detailOf(await text(body), status);
  if (status !== 401) return new AppError('refused', status, detail);
  return new AppError('not_authenticated', status, `${detail} Give --user and HUBFN_PASSWORD, or HUBFN_TOKEN.`);
}

/** `name` is that of the function, and of its API. */
export function understood<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string): z.infer<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const detail = `The answer is none of the ${name} API. Is --url right: is it the ${name} function?`;
  throw new AppError('not_understood', 500, detail);
}

function detailOf(body: string, status: number): string {
  const value = parseJson(body);
  const told = isRecord(value) ? (value['detail'] ?? value['detailed_error']) : undefined;
  return typeof told === 'string' ? told : `The service answered ${status}.`;
}
