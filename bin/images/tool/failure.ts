// Why a builder failed, from its last words. Pure.

const SHOWN_LINES = 15;

export interface Failure {
  readonly reason: 'refused' | 'away' | 'failed';
  /** Its own words, without those that tell nothing. */
  readonly words: string;
}

const SIGNS: readonly (readonly [Failure['reason'], RegExp])[] = [
  [
    'refused',
    /unauthori[sz]ed|authentication required|no basic auth|access (?:to the resource is )?denied|\bdenied:|status(?: code)?:? 40[13]|forbidden/i,
  ],
  [
    'away',
    /(?:dial|read|write) tcp|connection refused|connection reset|broken pipe|no such host|i\/o timeout|no route to host|unexpected EOF|: EOF\b|server misbehaving|status(?: code)?:? 50[0-9]|TLS handshake timeout/i,
  ],
];

export function failureOf(said: string): Failure {
  const words = said.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n').trim();
  const reason = SIGNS.find(([, sign]) => sign.test(words))?.[0] ?? 'failed';
  return { reason, words };
}
