// Runs a probe's command the way its container runs: same environment, same folders, and never beyond its time.
import type { Launch } from './launch';
import type { PodContext } from './podContext';
import type { ProbeTarget } from './probeCheck';
import { startProcess } from './runningProcess';

const LONGEST_OUTPUT = 10 * 1024;

export function execIn(context: PodContext, launch: Launch, signal: AbortSignal): ProbeTarget['exec'] {
  return async (words, timeoutMs) => {
    let output = '';
    const take = async (_stream: string, chunk: Uint8Array): Promise<void> => {
      if (output.length < LONGEST_OUTPUT) output += Buffer.from(chunk).toString();
    };
    try {
      const { path: command, args } = launch.resolve(words);
      const { env, cwd, user } = launch;
      const { stateDir } = context.options;
      const process = await startProcess({ command, args, env, cwd, user, stateDir, output: take });
      context.processes.add(process);
      const end = (): void => process.end(0);
      const timer = setTimeout(end, timeoutMs);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      const exitCode = await process.exited;
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      context.processes.delete(process);
      return { exitCode, output };
    } catch (error) {
      return { exitCode: 1, output: error instanceof Error ? error.message : String(error) };
    }
  };
}
