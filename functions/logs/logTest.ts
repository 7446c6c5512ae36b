// One record of each level, for whoever wants to see that a handler works.
import type { Response } from '../../lib/http/message';
import type { Call } from '../../lib/kube/kube';
import type { Context } from './context';

/** Texts and extras are the contract's. */
export async function logTest({ logging, log }: Pick<Context, 'logging' | 'log'>, call: Call): Promise<Response> {
  await logging.refresh(call);
  log.trace('Trace');
  log.debug('Debug');
  log.info('Info');
  log.warn('Warn');
  log.error('Error');
  log.critical('Critical', { Extra1: 'message1', mesg: 'msg1', filename: 'forbidden' });
  return { status: 200 };
}
