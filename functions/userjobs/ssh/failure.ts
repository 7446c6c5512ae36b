// Why ssh ended, from what it said last. Pure.

export type FailureReason =
  | 'HostKeyRefused'
  | 'KeyMissing'
  | 'LoginRefused'
  | 'Unreachable'
  | 'PortTaken'
  | 'NoSsh'
  | 'ConnectionLost'
  | 'CommandFailed';

export interface Failure {
  readonly reason: FailureReason;
  /** For people. */
  readonly message: string;
}

const MAX_SAID = 300;

/** Words of ssh alone, as a program on the host may have said something, too. The first that fits decides. */
const SIGNS: readonly (readonly [sign: RegExp, reason: FailureReason, message: string])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed|host key .*not known|No .*host key is known/i,
    'HostKeyRefused',
    'The host shows a key that known_hosts does not hold. Nothing was sent to it.',
  ],
  [
    /Identity file .* not accessible|no such identity|Load key .*(Permission denied|No such file|bad permissions)/i,
    'KeyMissing',
    'The private key is missing, cannot be read, or can be read by others.',
  ],
  [
    /: Permission denied \(|Too many authentication failures/i,
    'LoginRefused',
    'The host refuses the key of this login.',
  ],
  [/Address already in use|cannot listen to port|Could not request local forwarding/i, 'PortTaken', 'A port is taken.'],
  // Before the next one: this happens to who was let in.
  [
    /client_loop|Connection to .* closed by remote host|Read from remote host|Timeout, server/i,
    'ConnectionLost',
    'The connection to the host is lost.',
  ],
  [
    /^ssh: |^Connection (closed|reset) by .* port \d+|^Connection timed out|kex_exchange_identification|banner exchange/im,
    'Unreachable',
    'The host cannot be reached.',
  ],
];

/** `said` is all that it wrote to its standard error; `otherwise` when nothing in it is known. */
export function failureOf(said: string, otherwise: Failure): Failure {
  const found = SIGNS.find(([sign]) => sign.test(said));
  if (found === undefined) return unknownFailure(said, otherwise);
  const [, reason, message] = found;
  return { reason, message: withLastLine(message, said) };
}

export function unknownFailure(said: string, { reason, message }: Failure): Failure {
  return { reason, message: withLastLine(message, said) };
}

export const LOST: Failure = { reason: 'ConnectionLost', message: 'The connection to the host is lost.' };

function withLastLine(message: string, said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  const last = lines.findLast((line) => line !== '');
  return last === undefined ? message : `${message} (${last.slice(0, MAX_SAID)})`;
}
