// One record of each level, or more of them, for whoever wants to see that a handler works.
import * as z from 'zod';
import type { Request, Response } from '../../lib/http/message';
import type { FunctionLog } from '../../lib/log';
import type { Context } from './context';
import { parseQuery } from './query';

export const logTestQuery = z.strictObject({
  /** How many times; to see how a receiver copes. */
  count: z.coerce.number().int().min(1).max(1_000).default(1),
});

export async function logTest({ logging, log }: Pick<Context, 'logging' | 'log'>, request: Request): Promise<Response> {
  const { count } = parseQuery(logTestQuery, request.query);
  await logging.refresh(request);
  for (let number = 0; number < count; number += 1) logEachLevel(log);
  return { status: 200 };
}

/** Texts and extras are the contract's. */
function logEachLevel(log: FunctionLog): void {
  log.trace('Trace');
  log.debug('Debug');
  log.info('Info');
  log.warn('Warn');
  log.error('Error');
  log.critical('Critical', { Extra1: 'message1', mesg: 'msg1', filename: 'forbidden' });
}
