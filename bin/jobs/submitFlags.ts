// The flags of `hubfn jobs submit`: parsed up to the command, each fault told by the name of its flag.
import { parseArgs } from 'node:util';
import { usageError, type Terminal } from '../command';
import { accessOptions, type AccessArguments } from './access';
import type { Wishes } from './request';
import { secretsFrom } from './secretEnv';

const options = {
  ...accessOptions,
  file: { type: 'string', short: 'f' },
  'k8s-image': { type: 'string' },
  'k8s-registry-secret': { type: 'string' },
  'k8s-volume-claim': { type: 'string' },
  'k8s-mount-path': { type: 'string' },
  memory: { type: 'string' },
  ncores: { type: 'string' },
  time: { type: 'string' },
  retries: { type: 'string' },
  profile: { type: 'string' },
  shell: { type: 'string' },
  env: { type: 'string', multiple: true },
  'secret-env': { type: 'string', multiple: true },
  identifier: { type: 'string' },
  debug: { type: 'boolean', default: false },
  ntest: { type: 'string' },
  maxConcurrent: { type: 'string' },
  wait: { type: 'boolean', default: false },
  checkmissing: { type: 'boolean', default: false },
  checktimestamp: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

export interface SubmitFlags {
  readonly access: AccessArguments;
  readonly file: string | undefined;
  readonly identifier: string | undefined;
  readonly wishes: Wishes;
  /** What follows the flags. */
  readonly command: readonly string[];
  readonly isDebug: boolean;
  readonly isJson: boolean;
  readonly isWaiting: boolean;
  readonly isCheckingMissing: boolean;
  readonly isCheckingTimestamps: boolean;
  /** Only the first ones. */
  readonly ntest: number;
  readonly maxConcurrent: number;
}

export function parseSubmit(args: readonly string[], { environment }: Pick<Terminal, 'environment'>): SubmitFlags {
  const { flags, command } = splitSubmit(args);
  const { values } = parseArgs({ args: flags, options });
  return {
    access: values,
    file: values.file,
    identifier: nonEmpty('identifier', values.identifier),
    command,
    wishes: wishesOf(values, environment),
    isDebug: values.debug,
    isJson: values.json,
    isWaiting: values.wait,
    isCheckingMissing: values.checkmissing || values.checktimestamp,
    isCheckingTimestamps: values.checktimestamp,
    ntest: numberOf('ntest', values.ntest, isWhole) ?? Infinity,
    maxConcurrent: numberOf('maxConcurrent', values.maxConcurrent, isPositiveWhole) ?? Infinity,
  };
}

function wishesOf(values: Values, environment: Terminal['environment']): Wishes {
  const variable = (name: string): string | undefined => environment[`HUBFN_K8S_${name}`] || undefined;
  return {
    image: values['k8s-image'],
    usualImage: variable('IMAGE'),
    registrySecret: values['k8s-registry-secret'] ?? variable('REGISTRY_SECRET'),
    volumeClaim: values['k8s-volume-claim'] ?? variable('VOLUME_CLAIM'),
    mountPath: values['k8s-mount-path'] ?? variable('MOUNT_PATH'),
    memory: numberOf('memory', values.memory, isPositiveWhole),
    ncores: numberOf('ncores', values.ncores, (value) => value > 0),
    time: numberOf('time', values.time),
    retries: numberOf('retries', values.retries, isWhole),
    profile: values.profile,
    shell: values.shell,
    env: Object.fromEntries((values.env ?? []).map(assignment)),
    secretEnv: secretsFrom(values['secret-env'] ?? [], environment),
  };
}

/** Flags end where the command begins: its own flags are none of ours. */
export function splitSubmit(args: readonly string[]): {
  readonly flags: string[];
  readonly command: readonly string[];
} {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const end = tokens.find(({ kind }) => kind === 'positional' || kind === 'option-terminator');
  if (end === undefined) return { flags: [...args], command: [] };
  const begin = end.kind === 'option-terminator' ? end.index + 1 : end.index;
  return { flags: args.slice(0, end.index), command: args.slice(begin) };
}

function isPositiveWhole(value: number): boolean {
  return isWhole(value) && value > 0;
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function numberOf(
  flag: string,
  text: string | undefined,
  isAllowed: (value: number) => boolean = Number.isFinite,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && isAllowed(value)) return value;
  throw usageError(`--${flag} ${text} is not a number that it takes`);
}

function nonEmpty(flag: string, text: string | undefined): string | undefined {
  if (text === '') throw usageError(`--${flag} is empty`);
  return text;
}

function assignment(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageError(`--env ${text}: give NAME=VALUE`);
}
