// Which functions there are to run: what the build made, and which of them a timer calls.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors';
import type { GatewayFunction } from '../gateway/gateway';

/** As the annotations `topic` and `schedule` of stack.yml say it for OpenFaaS. */
const schedules: Readonly<Record<string, number>> = {
  archive: 60_000,
  intake: 60_000,
  reaper: 60_000,
  stages: 10_000,
  status: 10_000,
  userjobs: 60_000,
};

export function readRoster(builtFunctions: string): Readonly<Record<string, GatewayFunction>> {
  const names = foldersIn(builtFunctions);
  if (names.length === 0) throw new AppError('not_built', 500, `no functions in ${builtFunctions}: run npm run build`);
  return Object.fromEntries(names.map((name) => [name, describe(name, join(builtFunctions, name, 'index.js'))]));
}

function describe(name: string, file: string): GatewayFunction {
  const everyMs = schedules[name];
  return { command: [process.execPath, '--enable-source-maps', file], ...(everyMs !== undefined && { everyMs }) };
}

function foldersIn(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
