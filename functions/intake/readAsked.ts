// What a message asks for, once its signature has been looked at, if it has one.
import type { Asked, Message } from './message';
import type { Secrets } from './secrets';
import { readSigned } from './signed';

export interface Proven {
  readonly asked: Asked;
  readonly isSigned: boolean;
}

export async function readAskedOf(
  { key }: Pick<Secrets, 'key'>,
  message: Message,
  { channel, at }: { readonly channel: string; readonly at: Date },
): Promise<Proven> {
  if (!('signed' in message)) return { asked: message, isSigned: false };
  return { asked: readSigned(message.signed, { key: await key(channel), audience: channel, at }), isSigned: true };
}
