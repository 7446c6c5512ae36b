// The bill of materials as npm makes it, without what differs each time: an identifier by chance, the time of day, the name of a folder. Pure.
import { createHash } from 'node:crypto';

interface Bill {
  readonly serialNumber?: string;
  readonly metadata?: { readonly component?: object };
}

export interface Settled {
  /** npm takes the name of the folder that a checkout lies in. */
  readonly name: string;
  readonly time: Date;
}

/** The identifier becomes one of the content. https://cyclonedx.org/docs/1.5/json/#serialNumber */
export function reproducible(bill: Bill, { name, time }: Settled): object {
  const { serialNumber: _chance, metadata, ...rest } = bill;
  const component = { ...metadata?.component, name };
  const settled = { ...rest, metadata: { ...metadata, timestamp: time.toISOString(), component } };
  return { ...settled, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(settled))}` };
}

/** Version 8: made by a rule of our own. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8 */
function uuidOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
