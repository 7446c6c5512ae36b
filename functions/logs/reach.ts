// What a handler may write to, as the operator says; the answer to what it may not names the key to change. Pure.
import { globMatcher } from '../../lib/glob';
import { mailServer } from '../../lib/logHandlers/worker/mailServer';
import type { Configuration, HandlerName } from '../../lib/logHandlers/settings';

/** Shell globs. */
export interface Reach {
  readonly files: readonly string[];
  readonly receivers: readonly string[];
}

/** Of a configuration that is complete and well-formed. */
export function reachProblem(handler: HandlerName, configuration: Configuration, reach: Reach): string | undefined {
  if (handler === 'file') return outside('filename', String(configuration['filename']), { files: reach.files });
  if (handler === 'syslog') {
    const [host, port] = configuration['address'] as readonly [string, number];
    return outside('address', `${host}:${port}`, { receivers: reach.receivers });
  }
  if (handler !== 'smtp' || configuration['mailhost'] === '') return undefined;
  try {
    const { host, port } = mailServer(String(configuration['mailhost']));
    return outside('mailhost', `${host}:${port}`, { receivers: reach.receivers });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function outside(key: string, value: string, allowed: Partial<Reach>): string | undefined {
  const [[name, globs] = ['', []]] = Object.entries(allowed);
  if (globMatcher(globs)(value)) return undefined;
  return `${key} ${value} is not allowed: logs.${name} of config.json allows ${globs.join(', ') || 'nothing'}`;
}
