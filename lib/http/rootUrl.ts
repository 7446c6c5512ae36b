// Where a caller has found this function: the beginning of the links in its answers.

/** Host names only: the value goes back to the client. */
const SAFE_HOST = /^[A-Za-z0-9.:[\]-]{1,255}$/;

/** Empty where that cannot be told: links are paths then. */
export function rootUrl(headers: Readonly<Record<string, string>>): string {
  const host = headers['x-forwarded-host'] ?? headers['host'] ?? '';
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return SAFE_HOST.test(host) ? `${scheme}://${host}` : '';
}
