// Which state of the world a read asks for (resourceVersion, resourceVersionMatch), and what cannot be asked.
import type { ResourceRequest } from '../request';
import { badRequest, failureError, invalidOptions, statusError } from '../status';
import { forbiddenField, notSupported, type Fault } from '../validation/fault';

const MATCHES = ['Exact', 'NotOlderThan', ''];

/** Only the present state can be read here: an older one has expired, a later one is not known yet. */
export function checkListVersion({ query }: ResourceRequest, current: number): void {
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const fault = matchFault(version, match);
  if (fault !== undefined) throw invalidOptions('ListOptions', fault);
  if (query.get('continue') && version !== '' && version !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  checkVersion(query, current);
  if (match === 'Exact' && Number(version) < current) {
    throw statusError('Expired', 'The resourceVersion for the provided list is too old.', 410);
  }
}

export function checkVersion(query: URLSearchParams, current: number): void {
  const version = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(version)) {
    const why = `strconv.ParseUint: parsing "${version}": invalid syntax`;
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: "${version}": ${why}`);
  }
  if (Number(version) > current) throw tooLarge(version, current);
}

function matchFault(version: string, match: string): Fault | undefined {
  const field = 'resourceVersionMatch';
  if (!MATCHES.includes(match)) return notSupported(field, match, MATCHES);
  if (match !== '' && version === '') {
    return forbiddenField(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided');
  }
  const isExactOfAny = match === 'Exact' && version === '0';
  return isExactOfAny
    ? forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
    : undefined;
}

function tooLarge(version: string, current: number): Error {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  const message = `Timeout: Too large resource version: ${version}, current: ${current}`;
  return failureError({ reason: 'Timeout', message, code: 504, details: { causes, retryAfterSeconds: 1 } });
}
