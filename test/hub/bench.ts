// Several programs in one folder, each with a log there; when a test fails, the logs stay and their ends are told.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram, type Program, type ProgramOptions } from './program';

export interface Bench {
  readonly folder: string;
  /** Starts a program under a name; `env` adds to what all of them have. */
  readonly start: (name: string, command: ProgramOptions['command'], env?: ProgramOptions['env']) => Program;
  /** Runs a part of a test. */
  readonly watch: <T>(work: () => Promise<T>) => Promise<T>;
  /** Ends the programs, the youngest first. */
  readonly close: () => Promise<void>;
}

const TOLD_LINES = 20;

/** `path` is searched for programs before the machine's own. */
export function openBench(path: string): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-hub-'));
  const shared = { PATH: `${path}:${process.env['PATH'] ?? ''}`, HOME: folder, LANG: 'C.UTF-8' };
  const programs = new Map<string, Program>();
  let hasFailed = false;
  return {
    folder,
    start: (name, command, env = {}) => {
      const log = join(folder, `${name}.log`);
      const program = startProgram({ command, cwd: folder, env: { ...shared, ...env }, log });
      programs.set(name, program);
      return program;
    },
    watch: async (work) => {
      try {
        return await work();
      } catch (error) {
        hasFailed = true;
        throw withLogs(error, programs, folder);
      }
    },
    close: async () => {
      for (const program of [...programs.values()].toReversed()) await program.end();
      if (!hasFailed) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function withLogs(error: unknown, programs: ReadonlyMap<string, Program>, folder: string): Error {
  const logs = [...programs].map(([name, { output }]) => `--- ${name}\n${lastLines(output())}`);
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${message}\n\n${logs.join('\n\n')}\n\nAll of it is in ${folder}.`, { cause: error });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-TOLD_LINES).join('\n');
}
