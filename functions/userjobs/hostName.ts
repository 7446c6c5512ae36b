// What may stand for a machine: DNS names and IP addresses, nothing that ssh or a shell could take for something else. Pure.
import { globMatcher } from '../../lib/glob';

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const NAME = new RegExp(String.raw`^${LABEL}(?:\.${LABEL})*$`);
const NUMBERS = /^[\d.]+$/;
const BYTE = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;

export function isHostName(text: string): boolean {
  if (text.includes(':')) return isIpv6(text);
  return text.length <= 253 && (NUMBERS.test(text) ? isIpv4(text) : NAME.test(text));
}

/** As ssh wants an address before a port. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * Whether one of the globs names it. Each stands for the same number of parts between dots: with `node*` for `node1.elsewhere.org`
 * whoever has that domain would decide what is reached.
 */
export function nodeMatcher(globs: readonly string[]): (node: string) => boolean {
  const named = globs.map((glob) => partsOf(glob).map((part) => globMatcher([part])));
  return (node) => {
    const parts = partsOf(node);
    return named.some((each) => each.length === parts.length && each.every((fits, index) => fits(parts[index] ?? '')));
  };
}

/** Addresses of IPv6 have none. */
function partsOf(name: string): readonly string[] {
  return name.split('.');
}

function isIpv4(text: string): boolean {
  const bytes = text.split('.');
  return bytes.length === 4 && bytes.every((byte) => BYTE.test(byte));
}

/** At most one gap; no zone, and no IPv4 at its end. */
function isIpv6(text: string): boolean {
  const sides = text.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const groups = sides.flat();
  const isComplete = sides.length === 1 ? groups.length === 8 : groups.length < 8;
  return sides.length <= 2 && isComplete && groups.every((group) => GROUP.test(group));
}
