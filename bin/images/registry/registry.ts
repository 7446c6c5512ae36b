// What a registry holds under a name, and the one thing that is changed there without a builder: where a tag leads.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
import { AppError } from '../../../lib/errors';
import type { RunOptions } from '../tool/run';
import { isLoopback, repositoryText, type Repository } from '../reference';
import { findLogin } from './logins';
import { openSession, type Session } from './session';

export interface Registry {
  /** Of what the tag leads to; undefined where there is no such tag. */
  readonly digestOf: (tag: string) => Promise<string | undefined>;
  /** From then on `tag` leads to what `exact` leads to. */
  readonly point: (tag: string, exact: string) => Promise<void>;
}

export interface Way {
  readonly environment: RunOptions['environment'];
  /** Plain HTTP, or TLS; where nobody says it, TLS to all but this machine. */
  readonly insecure: boolean | undefined;
}

/** Of one platform or of several, in both of the languages that there are. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

const headers = { accept: MANIFESTS.join(', ') };

export function isInsecure({ host }: Repository, insecure: boolean | undefined): boolean {
  return insecure ?? isLoopback(host);
}

export async function openRegistry(repository: Repository, { environment, insecure }: Way): Promise<Registry> {
  const login = await findLogin(repository, environment);
  const session = openSession({ repository, login, insecure: isInsecure(repository, insecure) });
  return {
    digestOf: async (tag) => digestOf(session, { repository, tag }),
    point: async (tag, exact) => {
      const path = `/manifests/${exact}`;
      const found = await session.request(path, { method: 'GET', headers });
      checkStatus(found, repository);
      const body = new Uint8Array(await found.arrayBuffer());
      const type = { 'content-type': found.headers.get('content-type') ?? '' };
      const put = await session.request(`/manifests/${tag}`, { method: 'PUT', headers: type, body });
      await put.body?.cancel();
      checkStatus(put, repository);
    },
  };
}

async function digestOf(
  session: Session,
  { repository, tag }: { readonly repository: Repository; readonly tag: string },
): Promise<string | undefined> {
  const response = await session.request(`/manifests/${tag}`, { method: 'HEAD', headers });
  if (response.status === 404) return undefined;
  checkStatus(response, repository);
  return response.headers.get('docker-content-digest') ?? `${tag} without a digest`;
}

function checkStatus({ status, ok }: Response, repository: Repository): void {
  if (ok) return;
  throw new AppError(
    'registry_failed',
    503,
    `${repository.host} answered ${status} for ${repositoryText(repository)}; try again later`,
  );
}
