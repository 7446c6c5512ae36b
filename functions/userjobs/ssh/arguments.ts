// The words of every call of ssh: no configuration file, no question, no unknown host, and no word that could be an option. Pure.
import { bracketed } from '../hostName';
import type { Login } from '../record';

export interface Forward {
  /** Where it listens, on all addresses. */
  readonly listen: number;
  /** As seen from the host. */
  readonly node: string;
  readonly port: number;
}

/** Seconds until a host that says nothing counts as lost: two questions of this time without an answer. */
const ALIVE_SECONDS = 5;
const CONNECT_SECONDS = 10;
export const KNOWN_HOSTS = 'known_hosts';

/** https://man.openbsd.org/ssh_config */
const OPTIONS = {
  BatchMode: 'yes',
  StrictHostKeyChecking: 'yes',
  GlobalKnownHostsFile: '/dev/null',
  UpdateHostKeys: 'no',
  IdentitiesOnly: 'yes',
  IdentityAgent: 'none',
  PreferredAuthentications: 'publickey',
  ExitOnForwardFailure: 'yes',
  ServerAliveInterval: String(ALIVE_SECONDS),
  ServerAliveCountMax: '2',
  ConnectTimeout: String(CONNECT_SECONDS),
  ForwardAgent: 'no',
  ForwardX11: 'no',
  PermitLocalCommand: 'no',
  LogLevel: 'ERROR',
} as const;

/** `folder` holds the key and known_hosts. */
export interface SshPlace {
  readonly login: Login;
  readonly folder: string;
}

/** One command on the host; `command` is read by its shell, so every word has to mean itself. */
export function commandArguments(place: SshPlace, command: readonly string[]): readonly string[] {
  return [...connection(place), '-o', 'ControlPath=none', ...destination(place), ...plainWords(command)];
}

/** The connection that others share through `socket`, and what it forwards from the start. */
export function masterArguments(place: SshPlace, socket: string, forwards: readonly Forward[]): readonly string[] {
  return [...connection(place), '-M', '-S', socket, '-N', ...forwardOptions(forwards), ...destination(place)];
}

/** One command over a connection that is open already. */
export function sharedArguments(place: SshPlace, socket: string, command: readonly string[]): readonly string[] {
  return [...connection(place), ...shared(socket), ...destination(place), ...plainWords(command)];
}

/** Opens (`forward`) or closes (`cancel`) ways through an open connection. */
export function forwardArguments(
  place: SshPlace,
  socket: string,
  { operation, forwards }: { readonly operation: 'forward' | 'cancel'; readonly forwards: readonly Forward[] },
): readonly string[] {
  const words = [...shared(socket), '-O', operation, ...forwardOptions(forwards)];
  return [...connection(place), ...words, ...destination(place)];
}

function connection({ login, folder }: SshPlace): readonly string[] {
  const options = Object.entries({ ...OPTIONS, UserKnownHostsFile: `"${folder}/${KNOWN_HOSTS}"` });
  return [
    '-F',
    'none',
    '-T',
    ...options.flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    '-i',
    `${folder}/${login.key}`,
    '-p',
    String(login.port),
    '-l',
    login.user,
  ];
}

function shared(socket: string): readonly string[] {
  return ['-S', socket, '-o', 'ControlMaster=no'];
}

function destination({ login }: SshPlace): readonly string[] {
  return ['--', login.address];
}

function forwardOptions(forwards: readonly Forward[]): readonly string[] {
  return forwards.flatMap(({ listen, node, port }) => ['-L', `0.0.0.0:${listen}:${bracketed(node)}:${port}`]);
}

const PLAIN_WORD = /^[A-Za-z0-9_@%:,./=+-]+$/;

/** What a shell could take for anything but itself is a fault of ours: such words are refused long before. */
function plainWords(words: readonly string[]): readonly string[] {
  const strange = words.find((word) => !PLAIN_WORD.test(word));
  if (strange !== undefined) throw new Error(`not a plain word: ${JSON.stringify(strange)}`);
  return words;
}
