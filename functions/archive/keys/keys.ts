// Passwords: made here, and never seen again by this function, which may create Secrets and do nothing else with them.
import { randomBytes } from 'node:crypto';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { repositoryManifest, toSubject, type Repository } from '../archive';
import type { Context } from '../context';
import { keyName, labelsOf, ofUser, repositoryName } from '../names';

const KEY_KIND = 'archive-key';
const PASSWORD_BYTES = 32;

/**
 * The repository of a user, with its first password when it has none. Only a repository that was never heard of gets one:
 * a password that is lost must not be replaced by one that opens nothing.
 */
export async function ensureRepository(context: Context, user: string, call: Call): Promise<Repository> {
  const known = await readRepository(context, user, call);
  if (known !== undefined) return known;
  const { kube, settings, clock } = context;
  await Promise.all([
    createKey(context, { name: keyName(user, 0), user }, call),
    createKey(context, { name: settings.archive.escrow_secret }, call),
  ]);
  const record = { user, generation: 0, since: clock().toISOString() };
  const made = await kube.create(repositoryManifest(settings.namespace, record), call).catch(async (error: unknown) => {
    if (hasCode(error, 'already_exists')) return undefined;
    throw error;
  });
  const repository = made === undefined ? await readRepository(context, user, call) : asRepository(made);
  if (repository === undefined) throw new Error('the anchor of a repository cannot be read');
  return repository;
}

export async function readRepository(context: Context, user: string, call: Call): Promise<Repository | undefined> {
  const { kube, settings } = context;
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: settings.namespace, name: repositoryName(user) };
  const object = await kube.get<KubeObject>(ref, call);
  return object && asRepository(object);
}

function asRepository(object: KubeObject): Repository | undefined {
  const subject = toSubject(object);
  return subject?.kind === 'archive-repository' ? subject : undefined;
}

/** The one after the present one; that it is there already means that somebody was at it before. */
export async function ensureNextKey(context: Context, { record }: Repository, call: Call): Promise<void> {
  const { user, generation } = record;
  await createKey(context, { name: keyName(user, generation + 1), user }, call);
}

async function createKey(
  { kube, settings }: Context,
  { name, user }: { readonly name: string; readonly user?: string },
  call: Call,
): Promise<void> {
  const labels = labelsOf(KEY_KIND, user === undefined ? {} : ofUser(user));
  const stringData = { password: randomBytes(PASSWORD_BYTES).toString('base64url') };
  const metadata = { name, namespace: settings.namespace, labels };
  try {
    await kube.create({ apiVersion: 'v1', kind: 'Secret', metadata, immutable: true, stringData }, call);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
  }
}
