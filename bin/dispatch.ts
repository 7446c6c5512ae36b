// Chooses the subcommand, shows help, and turns what went wrong into one clear line and an exit code.
import { isNativeError } from 'node:util/types';
import type { AppError } from '../lib/errors';
import { hasCode } from '../lib/kube/errors';
import { isUsageError, usageError, type Command, type Terminal } from './command';

/** 0: done; 1: failed; 2: called in a way it does not understand; or what a command says. */
export type ExitCode = number;

export interface Program {
  readonly commands: readonly Command[];
  readonly terminal: Terminal;
}

export async function dispatch(args: readonly string[], program: Program): Promise<ExitCode> {
  const command = findCommand(args, program.commands);
  try {
    return await runOrExplain(args, command, program);
  } catch (error) {
    const isUsage = isUsageError(error);
    const hint = isUsage && command ? `\nsee hubfn ${command.name} --help` : '';
    program.terminal.writeError(`hubfn: ${explain(error)}${hint}\n`);
    return isUsage ? 2 : 1;
  }
}

async function runOrExplain(
  args: readonly string[],
  command: Command | undefined,
  { commands, terminal }: Program,
): Promise<ExitCode> {
  const given = args.slice(command ? wordsOf(command).length : 0);
  if (command && asksForHelp(command.ownArguments?.(given) ?? given)) terminal.write(helpFor(command));
  else if (command) return (await command.run(given, terminal)) ?? 0;
  else terminal.write(overview(args.filter((word) => !word.startsWith('-')).join(' '), commands));
  return 0;
}

/** What follows `--` is not for us. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((word) => word === '--help' || word === '-h');
}

function findCommand(args: readonly string[], commands: readonly Command[]): Command | undefined {
  return commands.find((command) => wordsOf(command).every((word, index) => args[index] === word));
}

function wordsOf({ name }: Command): readonly string[] {
  return name.split(' ');
}

/** All commands, or those of a group: `hubfn credentials`. */
function overview(group: string, commands: readonly Command[]): string {
  const shown = commands.filter(({ name }) => group === '' || name.startsWith(`${group} `));
  if (shown.length === 0) throw usageError(`there is no command ${group}: see hubfn --help`);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, summary }) => `  hubfn ${name.padEnd(width)}  ${summary}`);
  return `hubfn: the command line of hub-functions\n\n${lines.join('\n')}\n\nhubfn COMMAND --help tells more.\n`;
}

function helpFor({ name, summary, usage }: Command): string {
  return `hubfn ${name}: ${summary}\n\nusage: hubfn ${name} ${usage}\n`;
}

function explain(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (hasCode(error, 'cluster_unreachable', 'cluster_timeout')) {
    return `${error.message} Is it running, and is it the right one? (--context, --kubeconfig)${causeOf(error)}`;
  }
  return error.message;
}

function causeOf(error: AppError): string {
  return error.cause instanceof Error ? `\n  ${error.cause.message}` : '';
}
