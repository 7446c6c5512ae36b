// The one positional argument of the commands about a single credential.
import { credentialName } from '../../lib/credentials/credential';
import { usageError } from '../command';

export function parseName(positionals: readonly string[]): string {
  const [name, ...rest] = positionals;
  if (name === undefined) throw usageError('the NAME of the credential is missing');
  if (rest.length > 0) throw usageError(`one NAME at a time, not also ${rest.join(' ')}`);
  const parsed = credentialName.safeParse(name);
  if (!parsed.success) throw usageError(`${name}: ${parsed.error.issues[0]?.message ?? 'not a name'}`);
  return parsed.data;
}
