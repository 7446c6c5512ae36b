// The Secrets of a start: what the notebook server gets as environment, and its certificates.
import type { KubeObject } from '../../../lib/kube/objects';
import { serviceId } from '../../../lib/services/names';
import type { SecretNames } from '../../../lib/services/secretNames';
import type { ConfigFile } from '../configFile';
import { pythonText } from './pythonText';
import type { StartRequest } from '../schema';

export function secretManifests(
  request: StartRequest,
  names: SecretNames,
  data: Readonly<Record<string, string>>,
): readonly KubeObject[] {
  const environment = secret(names.environment, data);
  if (request.certs === undefined) return [environment];
  const { keyfile, certfile, cafile } = request.certs;
  const certificates = secret(names.certificates, {
    JUPYTERHUB_SSL_KEYFILE_DATA: keyfile,
    JUPYTERHUB_SSL_CERTFILE_DATA: certfile,
    JUPYTERHUB_SSL_CLIENT_CA_DATA: cafile,
  });
  return [environment, certificates];
}

/** Later sources win: the hub's env, custom headers, the operator's env; then skipped names go, and the name of the service is set last. */
export function environmentData(
  request: StartRequest,
  headers: Readonly<Record<string, string>>,
  { env, env_skip }: ConfigFile['services'],
): Readonly<Record<string, string>> {
  const merged: Record<string, unknown> = { ...request.env, ...headers, ...env };
  for (const name of env_skip) delete merged[name];
  const texts = Object.entries(merged).map(([name, value]) => [name, pythonText(value)] as const);
  return { ...Object.fromEntries(texts), SERVERNAME: request.servername, DRF_ID: serviceId(request) };
}

/** The configured custom headers that a request carries, under the names used inside. `HTTP_ACCESS_TOKEN` is header `access-token`. */
export function customHeaders(
  headers: Readonly<Record<string, string>>,
  keys: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const found = Object.entries(keys).flatMap(([wsgiName, name]) => {
    const value =
      headers[
        wsgiName
          .replace(/^HTTP_/, '')
          .toLowerCase()
          .replaceAll('_', '-')
      ];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function secret(name: string, stringData: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData };
}
