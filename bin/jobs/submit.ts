// `hubfn jobs submit`: runs a command, or the tasks of a file, in containers of the cluster.
import { basename } from 'node:path';
import { stringify } from 'yaml';
import { usageError, type Command, type Terminal } from '../command';
import { accessUsage, openClient } from './access';
import { exitCodeOf } from './api/answers';
import type { JobsClient } from './api/client';
import { followJob } from './follow';
import { jobBody, payloadOf, type Work } from './request';
import { parseSubmit, splitSubmit, type SubmitFlags } from './submitFlags';
import { submitOne } from './submitOne';
import { submitTasks } from './tasks/submitTasks';

export const submit: Command = {
  name: 'jobs submit',
  summary: 'run a command, or a file of tasks, in containers',
  usage: `[flags] [--] COMMAND...
       hubfn jobs submit [flags] - < lines-of-shell
       hubfn jobs submit [flags] -f tasks.yaml

what runs:
  COMMAND                    one word is a line of shell, several are run as they are; by bash as a login shell
      --identifier NAME      job shj-NAME-00001, labels app=submission-helper and identifier=NAME;
                             default: the name of the program, or of the file
      --env NAME=VALUE       may be repeated
      --secret-env NAME      with its value from the environment, kept in a Secret; may be repeated
      --shell NAME           default: bash; sh in the default image, which has no bash
where it runs:
      --k8s-image IMAGE      default: HUBFN_K8S_IMAGE; else the operator's, or busybox straight on a cluster
      --k8s-volume-claim NAME, --k8s-mount-path PATH
                             mounts a claim; one alone has ntuples-claim or /ntuples for the other;
                             default: HUBFN_K8S_VOLUME_CLAIM, HUBFN_K8S_MOUNT_PATH
      --k8s-registry-secret NAME
                             default: HUBFN_K8S_REGISTRY_SECRET
      --k8s-pull-policy Always|IfNotPresent|Never
                             straight on a cluster only; default: Always
      --profile NAME         the operator's; its defaults instead of those below
      --memory MB            default: 4000
      --ncores N             default: 1
      --time MINUTES         of each attempt, once it runs; 0 (the default) or less: 24 hours
      --retries N            default: 3
how it is submitted:
      --debug                dry run: show what would be submitted, under negative numbers
      --wait                 follow the log to the end, and exit as the job does
      --json                 answers for programs
of a file of tasks:
  -f, --file FILE            runs them in order of their dependencies and waits; the same command goes on with a run
      --maxConcurrent N      so many at once; default: all
      --ntest N              only the first N
      --checkmissing         skip a task when all its outputs exist
      --checktimestamp       ... and are newer than its inputs
${accessUsage}

examples:
  hubfn jobs submit --k8s-image python:3.12 --wait python -c 'print(6 * 7)'
  hubfn jobs submit --identifier fit --time 90 --memory 8000 ./fit --fast
  hubfn jobs submit -f tasks.yaml --maxConcurrent 10 --checkmissing
  kubectl get jobs -l app=submission-helper,identifier=fit`,
  ownArguments: (args) => splitSubmit(args).flags,
  run: runSubmit,
};

async function runSubmit(args: readonly string[], terminal: Terminal): Promise<number> {
  const flags = parseSubmit(args, terminal);
  if (flags.file === undefined) return submitCommand(flags, terminal);
  if (flags.command.length > 0) throw usageError('give a file of tasks or a command, not both');
  return submitTasks(flags, flags.file, terminal);
}

async function submitCommand(flags: SubmitFlags, terminal: Terminal): Promise<number> {
  const isInput = flags.command.length === 1 && flags.command[0] === '-';
  const payload = isInput ? (await terminal.readInput()).trimEnd() : payloadOf(flags.command);
  if (payload.trim() === '')
    throw usageError('the COMMAND is missing: give its words, - for standard input, or -f FILE');
  const client = await openClient(flags.access, terminal);
  const identifier = flags.identifier ?? (isInput ? 'stdin' : programOf(flags.command));
  const work = { identifier, payload, wishes: flags.wishes, defaultImage: client.defaultImage };
  return flags.isDebug ? tryOut(client, work, terminal) : start(client, work, { flags, terminal });
}

/** Of `python3 train.py` it is `python3`. */
function programOf(command: readonly string[]): string {
  return basename(command.join(' ').trim().split(/\s/, 1)[0] ?? '') || 'job';
}

async function tryOut(client: JobsClient, work: Omit<Work, 'labels'>, { write }: Terminal): Promise<number> {
  const job = await client.submit({ ...jobBody({ ...work, labels: {} }, 1), dryRun: true });
  write(`# -1: would be submitted\n${stringify(job)}`);
  return 0;
}

async function start(
  client: JobsClient,
  work: Omit<Work, 'labels'>,
  { flags, terminal }: { readonly flags: SubmitFlags; readonly terminal: Terminal },
): Promise<number> {
  const id = await submitOne(client, work);
  const told = flags.isJson ? JSON.stringify({ name: id, id }) : `job ${id} submitted`;
  // With --wait the standard output is the log's.
  if (flags.isWaiting) terminal.writeError(`${told}\n`);
  else terminal.write(`${told}\n`);
  if (!flags.isWaiting) return 0;
  const state = await followJob({ client, id, output: terminal.output });
  terminal.writeError(`job ${id} ${state.phase}: ${state.message}\n`);
  return exitCodeOf(state);
}
