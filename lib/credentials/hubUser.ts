// Asks a JupyterHub whose token it is. https://jupyterhub.readthedocs.io/en/stable/reference/rest-api.html
import { createHash } from 'node:crypto';
import { request as plain, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { AppError } from '../errors';
import { parseJson } from '../record';

export interface HubOptions {
  /** `http://hub:8081/hub/api` */
  readonly url: string;
  readonly clock: () => Date;
}

/** Answers the name of the user that a token is of; undefined when it is nobody's. */
export type HubUser = (token: string) => Promise<string | undefined>;

const modelSchema = z.object({ name: z.string().min(1).max(255), kind: z.string() });

const PATIENCE_MS = 10_000;
/** A token that was revoked is good for so long. */
const REMEMBERED_MS = 30_000;
const MOST_REMEMBERED = 1_000;

export function createHubUser({ url, clock }: HubOptions): HubUser {
  const known = new Map<string, { readonly name: string; readonly until: number }>();
  return async (token) => {
    const key = createHash('sha256').update(token).digest('hex');
    const now = clock().getTime();
    const remembered = known.get(key);
    if (remembered !== undefined && remembered.until > now) return remembered.name;
    known.delete(key);
    const name = await ask(`${url.replace(/\/+$/, '')}/user`, token);
    if (known.size >= MOST_REMEMBERED) known.clear();
    if (name !== undefined) known.set(key, { name, until: now + REMEMBERED_MS });
    return name;
  };
}

async function ask(url: string, token: string): Promise<string | undefined> {
  const { status, body } = await get(url, token);
  if (status === 401 || status === 403) return undefined;
  const model = modelSchema.safeParse(parseJson(body)).data;
  if (status !== 200 || model === undefined) throw unavailable(new Error(`the hub answered ${status}`));
  // A service's token is nobody's own.
  return model.kind === 'user' ? model.name : undefined;
}

async function get(url: string, token: string): Promise<{ readonly status: number; readonly body: string }> {
  const headers = { authorization: `token ${token}`, accept: 'application/json' };
  const options = { headers, signal: AbortSignal.timeout(PATIENCE_MS) };
  try {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      (url.startsWith('https:') ? secure : plain)(url, options, resolve).on('error', reject).end();
    });
    return { status: incoming.statusCode ?? 0, body: await text(incoming) };
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(cause: unknown): AppError {
  const detail = 'The hub could not be asked whose token this is. Try again.';
  return new AppError('hub_unavailable', 503, detail, { cause, body: { detail }, retryAfterSeconds: 5 });
}
