// Reads the Authorization header the way clients know it from Django: what counts as a login, and each refusal's exact text.
import { AppError } from '../errors';

export type Login =
  | { readonly scheme: 'basic'; readonly name: string; readonly password: string }
  | { readonly scheme: 'token'; readonly token: string };

export function unauthenticated(text: string): AppError {
  return new AppError('unauthenticated', 401, text, { headers: { 'www-authenticate': 'Basic realm="api"' } });
}

/** Any other scheme counts as no login at all. */
export function parseAuthorization(header = ''): Login {
  const [scheme = '', ...words] = header.split(/[ \t\n\v\f\r]+/).filter((word) => word !== '');
  switch (scheme.toLowerCase()) {
    case 'basic':
      return parseBasic(words);
    case 'token':
      return parseToken(words);
    default:
      throw unauthenticated('Authentication credentials were not provided.');
  }
}

function parseBasic([encoded, ...rest]: readonly string[]): Login {
  if (encoded === undefined) throw unauthenticated('Invalid basic header. No credentials provided.');
  if (rest.length > 0) throw unauthenticated('Invalid basic header. Credentials string should not contain spaces.');
  const bytes = decodeBase64(encoded);
  if (!bytes) throw unauthenticated('Invalid basic header. Credentials not correctly base64 encoded.');
  const text = decodeText(bytes);
  const colon = text.indexOf(':');
  if (colon === -1) return { scheme: 'basic', name: text, password: '' };
  return { scheme: 'basic', name: text.slice(0, colon), password: text.slice(colon + 1) };
}

function parseToken([token, ...rest]: readonly string[]): Login {
  if (token === undefined) throw unauthenticated('Invalid token header. No credentials provided.');
  if (rest.length > 0) throw unauthenticated('Invalid token header. Token string should not contain spaces.');
  if (/[^\x20-\x7e]/.test(token)) {
    throw unauthenticated('Invalid token header. Token string should not contain invalid characters.');
  }
  return { scheme: 'token', token };
}

/** Python's lenient reading: foreign characters are skipped, complete padding ends the text, missing padding is an error. */
function decodeBase64(text: string): Buffer | undefined {
  let digits = '';
  let padding = 0;
  for (const character of text.replace(/[^A-Za-z0-9+/=]/g, '')) {
    padding = character === '=' ? padding + 1 : 0;
    if (padding === 0) digits += character;
    else if (digits.length % 4 >= 2 && (digits.length % 4) + padding >= 4) return Buffer.from(digits, 'base64');
  }
  return digits.length % 4 === 0 ? Buffer.from(digits, 'base64') : undefined;
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
