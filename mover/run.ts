// Does what the request says, and turns every end into a result.
import { Failure } from './failure';
import type { Context } from './context';
import { serve, type ServeOptions } from './serve/serve';
import { mustBeReachable } from './reachable';
import { hintByLabel } from './restic/keys';
import { NOTHING, type Done, type Result } from './result';
import { backup } from './verbs/backup';
import { drill } from './verbs/drill';
import { forget } from './verbs/forget';
import { list } from './verbs/list';
import { remove } from './verbs/remove';
import { restore, type Restored } from './verbs/restore';
import { rotate } from './verbs/rotate';
import { verify } from './verbs/verify';

export interface Ended {
  readonly result: Result;
  /** After the result is told. */
  readonly close?: () => void;
}

export async function runRequest(context: Context, serving: ServeOptions, now: () => number): Promise<Ended> {
  const from = now();
  const seconds = (): number => Math.round((now() - from) / 100) / 10;
  try {
    await mustBeReachable(context.restic.environment.RESTIC_REPOSITORY);
    hintByLabel(context.restic);
    const { done, close } = await perform(context, serving);
    return { result: { outcome: 'done', ...done, seconds: seconds() }, ...(close && { close }) };
  } catch (error) {
    const { reason, message } = asFailure(error);
    return { result: { outcome: 'failed', reason, message, ...NOTHING, seconds: seconds() } };
  }
}

interface Performed extends Partial<Pick<Restored, 'close'>> {
  readonly done: Done;
}

async function perform(context: Context, serving: ServeOptions): Promise<Performed> {
  const { verb } = context.request;
  switch (verb) {
    case 'backup':
      return { done: await backup(context) };
    case 'verify':
      return { done: await verify(context) };
    case 'restore':
      return restore(context);
    case 'drill':
      return drill(context);
    case 'forget':
      return { done: await forget(context) };
    case 'rotate':
      return { done: await rotate(context) };
    case 'serve':
      return { done: await serve(context, serving) };
    case 'list':
      return { done: await list(context) };
    case 'delete':
      return { done: await remove(context) };
    default:
      return verb satisfies never;
  }
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('Unknown', `The mover failed: ${message}`);
}
