// What is asked of Slurm on a host, each by one call of ssh: submit, find again, cancel.
import { AppError } from '../../../lib/errors';
import { within } from '../../../lib/timeLimit';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';
import type { Login } from '../record';
import { commandArguments } from '../ssh/arguments';
import { failureOf, unknownFailure, type Failure } from '../ssh/failure';
import { runSsh, type Ran } from '../ssh/run';
import { cancelCommand, findCommand, findOldCommand, submitCommand, type Slurm } from './commands';
import type { JobFields } from './schema';
import { readNumbers, readSubmitted } from './sight';

/** How to come to a host's Slurm. */
export interface SlurmHost extends Slurm {
  readonly login: Login;
}

/** Below that of a request, and far below the time for which a submission is reserved. */
const COMMAND_LIMIT_MS = 30_000;
/** ssh's own exit code. */
const SSH_FAILED = 255;
/** From here on a shell tells that a signal ended its program. */
const SIGNALLED = 128;
const UNKNOWN_JOB = /Invalid job id/i;
/** sbatch gave up waiting: nobody knows whether there is a job now. */
const MAY_HAVE_HEARD = /timed out|unable to contact|communication|zero bytes/i;
const MAX_TOLD = 500;

export type Submitted =
  | { readonly id: number }
  /** Slurm has said no. */
  | { readonly refused: string }
  | { readonly failed: Failure };

export async function submit(
  context: Context,
  host: SlurmHost,
  {
    name,
    script,
    fields,
    call,
  }: { readonly name: string; readonly script: string; readonly fields: JobFields; readonly call: Call },
): Promise<Submitted> {
  const ran = await run(context, host, { command: submitCommand(host, name, fields), input: script, call });
  const id = ran.code === 0 ? readSubmitted(ran.output) : undefined;
  if (id !== undefined) return { id };
  if (!hasSaidNo(ran)) return { failed: failureFrom(ran) };
  return { refused: (ran.said.trim() || 'sbatch does not say why.').slice(0, MAX_TOLD) };
}

/** Numbers of the jobs of a name; fails when Slurm cannot be asked. */
export async function findByName(
  context: Context,
  host: SlurmHost,
  { name, call }: { readonly name: string; readonly call: Call },
): Promise<readonly number[]> {
  const current = await run(context, host, { command: findCommand(host, name), call });
  if (current.code !== 0) throw unreachable(current);
  const found = readNumbers(current.output);
  if (found.length > 0) return found;
  // Fails where nobody keeps accounts; then squeue's word is the last.
  const old = await run(context, host, { command: findOldCommand(host, name), call });
  return old.code === 0 ? readNumbers(old.output) : [];
}

/** Fails when it could not be cancelled; what has ended or is forgotten counts as cancelled. */
export async function cancel(
  context: Context,
  host: SlurmHost,
  { id, call }: { readonly id: number; readonly call: Call },
): Promise<void> {
  const ran = await run(context, host, { command: cancelCommand(host, id), call });
  if (ran.code !== 0 && !UNKNOWN_JOB.test(ran.said)) throw unreachable(ran);
}

/** Shown to the caller: it is about the caller's own host. */
export function hostError({ reason, message }: Failure): AppError {
  return new AppError('host_unreachable', 503, message, { body: { detail: message, reason }, retryAfterSeconds: 30 });
}

function unreachable(ran: Ran): AppError {
  return hostError(failureFrom(ran));
}

/** What a program says is no word of ssh's, however much it looks like one. */
function failureFrom({ code, said }: Ran): Failure {
  const isOfSsh = code === SSH_FAILED || code < 0;
  return (isOfSsh ? failureOf : unknownFailure)(said, { reason: 'CommandFailed', message: 'Slurm cannot be asked.' });
}

function hasSaidNo({ code, said }: Ran): boolean {
  return code > 0 && code < SIGNALLED && !MAY_HAVE_HEARD.test(said);
}

interface Asked {
  readonly command: readonly string[];
  readonly input?: string;
  readonly call: Call;
}

async function run({ settings }: Context, { login }: SlurmHost, { command, input = '', call }: Asked): Promise<Ran> {
  const args = commandArguments({ login, folder: settings.sshFolder }, command);
  return runSsh(args, { input, signal: within(COMMAND_LIMIT_MS, call.signal) });
}
