// Runs the steps of a plan, each in sight of whoever waits, once all programs that they need are there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AppError } from '../../lib/errors';
import type { Terminal } from '../command';
import { lineOf, programsOf, type Step } from './plan';
import { PROGRAMS } from './versions';

export interface Place {
  /** The checkout, where images are built. */
  readonly folder: string;
  readonly terminal: Pick<Terminal, 'write' | 'environment'>;
}

export async function runSteps(steps: readonly Step[], place: Place): Promise<void> {
  const missing = programsOf(steps).filter((name) => !isOnPath(name, place.terminal.environment['PATH'] ?? ''));
  if (missing.length > 0) throw programsMissing(missing);
  for (const { run, unless } of steps) {
    if (unless !== undefined && (await exitOf(unless, place, 'ignore')) === 0) {
      place.terminal.write(`# already there: ${lineOf(run.slice(0, 3))}\n`);
      continue;
    }
    place.terminal.write(`$ ${lineOf(run)}\n`);
    const code = await exitOf(run, place, 'inherit');
    if (code !== 0) throw stepFailed(run, code);
  }
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function exitOf(words: readonly string[], place: Place, output: 'ignore' | 'inherit'): Promise<number> {
  const [program = '', ...args] = words;
  const env = { ...place.terminal.environment };
  const child = spawn(program, args, { cwd: place.folder, env, stdio: ['ignore', output, output] });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

function programsMissing(names: readonly string[]): AppError {
  const lines = names.map((name) => `\n  ${PROGRAMS[name] ?? name}`);
  const them = names.length === 1 ? 'is not installed: get it' : 'are not installed: get them';
  return new AppError(
    'program_missing',
    400,
    `${names.join(', ')} ${them}, or see the commands with --print${lines.join('')}`,
  );
}

function stepFailed(words: readonly string[], code: number): AppError {
  const again = 'What was done stays; the same command goes on from here when the cause is gone.';
  return new AppError('step_failed', 400, `${lineOf(words)}\nended with ${code}. ${again}`);
}
