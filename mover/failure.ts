// Why a mover failed: a closed set of reasons, and how they are told from what restic said. Pure.

export const REASONS = [
  'WrongKey',
  'NoRepository',
  'SnapshotMissing',
  'SnapshotHeld',
  'SourceMissing',
  'SourceEmpty',
  'SourceTruncated',
  'RepositoryFull',
  'RepositoryLocked',
  'RepositoryDamaged',
  'RepositoryUnreachable',
  'FilesChanged',
  'TargetNotEmpty',
  'TargetFull',
  'PathMissing',
  'DigestMismatch',
  'Interrupted',
  'Unknown',
] as const;

export type Reason = (typeof REASONS)[number];

/** Ends a mover; `message` is for people and says what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly reason: Reason,
    message: string,
  ) {
    super(message);
  }
}

const MAX_SAID = 300;

/** What restic 0.14 and newer ones say. The first that fits decides: what is said of a lock may be that the disk is full. */
const SIGNS: readonly (readonly [sign: RegExp, reason: Reason, message: string])[] = [
  [
    /no space left on device|quota exceeded|QuotaExceeded|StorageFull|InsufficientStorage/i,
    'RepositoryFull',
    'The repository is full: enlarge it, or let the policy forget older snapshots. What was kept before is untouched.',
  ],
  [
    /already locked/i,
    'RepositoryLocked',
    'Another mover holds the repository: repeat this later. The lock of one that is dead counts for 30 minutes, unless it is named as dead.',
  ],
  [
    /wrong password|no key found/i,
    'WrongKey',
    'The password opens no key of the repository: mount the Secret that it was made with. Nothing was written.',
  ],
  [
    /Access ?Denied|permission denied|InvalidAccessKeyId|SignatureDoesNotMatch|request signature|access key id .*does not exist|403 Forbidden/i,
    'RepositoryUnreachable',
    'The repository refuses its credentials or rights: check the S3 Secret, or the owner of the volume.',
  ],
  [
    /connection refused|no such host|i\/o timeout|no route to host|network is unreachable|x509|TLS handshake|bucket does not exist|NoSuchBucket|server misbehaving|connection reset/i,
    'RepositoryUnreachable',
    'The repository cannot be reached: check its address, the network and that the bucket exists; then repeat this.',
  ],
  [
    /no matching ID|no snapshot found|not a snapshot|snapshot .*not found|Ignoring ".*"/i,
    'SnapshotMissing',
    'The repository does not hold this snapshot: list what is there.',
  ],
  [
    /cannot find .* in repository|path .* not found|is not a (regular )?file/i,
    'PathMissing',
    'The snapshot does not hold this path.',
  ],
  [
    /repository contains errors|ciphertext verification failed|invalid data returned|wrong hash|hash mismatch|does not match|not found in (the )?index|not found in repository|truncated|unexpected EOF|is damaged|invalid header|contains \d+ errors|tree .* is not known|unable to load index|hash is wrong|There were \d+ errors/i,
    'RepositoryDamaged',
    'The repository is damaged: keep it as it is, and restore it from its own backup, or repair it by hand with restic.',
  ],
  // Nothing but this may make a new repository: what cannot be read for another reason must not look like it.
  [
    /(unable to open config file|repository does not exist): .*(no such file or directory|specified key does not exist|NoSuchKey)/i,
    'NoRepository',
    'There is no repository yet: it is made by the first backup.',
  ],
  [
    /unable to open config file/i,
    'RepositoryUnreachable',
    'The repository cannot be read: see what was said, and repeat this when it is mended. Nothing was written.',
  ],
];

/** `said` is what restic wrote to its standard error. */
export function failureOf(said: string): Failure {
  const found = SIGNS.find(([sign]) => sign.test(said));
  if (found === undefined) return new Failure('Unknown', withLastLine('restic failed; its log has the rest.', said));
  const [sign, reason, message] = found;
  return new Failure(reason, withLine(message, said, sign));
}

/** The place where space ended is told by the path alone. */
export function failureOfRestore(said: string, target: string): Failure {
  const failure = failureOf(said);
  const isTargets = said.split('\n').some((line) => line.includes('no space left') && line.includes(target));
  if (failure.reason !== 'RepositoryFull' || !isTargets) return failure;
  return new Failure('TargetFull', 'The target is too small for what is restored: repeat this with a larger claim.');
}

function withLine(message: string, said: string, sign: RegExp): string {
  const line = said.split('\n').find((each) => sign.test(each));
  return line === undefined ? message : `${message} (${line.trim().slice(0, MAX_SAID)})`;
}

function withLastLine(message: string, said: string): string {
  const last = said
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
  return last === undefined ? message : `${message} (${last.slice(0, MAX_SAID)})`;
}
