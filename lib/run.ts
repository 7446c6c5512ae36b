// Runs a function's composition root: what keeps it from starting is told in one log line, and the process ends with 1.
import type { Log } from './log';

export async function run<L extends Log>(compose: (log: L) => Promise<unknown>, log: L): Promise<void> {
  try {
    await compose(log);
  } catch (error) {
    const isOperatorsFault = error instanceof Error && error.name === 'ConfigError';
    log.error('cannot start', isOperatorsFault ? { reason: error.message } : { error });
    process.exitCode = 1;
  }
}
