// What a message asks for, once its signature has been looked at, if it has one.
import type { Channel } from './configFile';
import { refused, type Asked, type Message } from './message';
import type { Secrets } from './secrets';
import { readSigned } from './signed';

export interface Proven {
  readonly asked: Asked;
  readonly isSigned: boolean;
}

export interface Arrived {
  readonly channelName: string;
  readonly channel: Pick<Channel, 'identity'>;
  readonly at: Date;
}

export async function readAskedOf(secrets: Pick<Secrets, 'key'>, message: Message, arrived: Arrived): Promise<Proven> {
  if (!('signed' in message)) return { asked: message, isSigned: false };
  const { channelName: audience, at } = arrived;
  return { asked: readSigned(message.signed, { key: await keyOf(secrets, arrived), audience, at }), isSigned: true };
}

/** Without one it is the operator who has to do something, but only where one was promised: elsewhere anybody could make others wait. */
async function keyOf({ key }: Pick<Secrets, 'key'>, { channelName, channel }: Arrived): Promise<string> {
  const found = await key(channelName);
  if (found !== undefined) return found;
  if (channel.identity !== 'signed') throw refused('unproven', 'What is signed cannot be proven here.');
  throw new Error(`the Secret of intake has no key.${channelName}`);
}
