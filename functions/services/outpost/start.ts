// POST /services: a start as Outpost's clients know it, answered with the address of the server once it runs.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../lib/errors';
import type { Call } from '../../../lib/kube/kube';
import type { Request, Response } from '../../../lib/http/message';
import type { Anchor } from '../../../lib/services/anchor';
import { serviceId } from '../../../lib/services/names';
import type { Context } from '../context';
import { isRefusal, operationError } from '../failure';
import { pollService } from '../poll';
import { startService } from '../start';
import { allowanceFor, type Allowance } from './flavors';
import { parseOutpostStart, type OutpostStart } from './schema';
import { serviceAddress } from './view';

const LOOK_AGAIN_MS = 500;

export async function outpostStart(context: Context, { body, caller, headers, signal }: Request): Promise<Response> {
  const { file, namespace } = context.settings;
  const { outpost: settings } = file;
  const answerBy = performance.now() + settings.start_wait_seconds * 1000;
  const asked = parseOutpostStart(body, settings);
  const { request, server, ignored } = asked;
  if (ignored.length > 0) context.log.info('settings of another spawner mean nothing here', { misc: ignored });
  const credential = caller?.name ?? '';
  const allowance = allow(context, credential, asked);
  const { anchor, parts } = await startService(context, {
    credential,
    request,
    headers,
    signal,
    ...allowance,
    ...(server !== undefined && { server }),
  });
  // The hub hears the address of an asynchronous start later, from the server itself.
  if (headers['execution-type'] === 'async') return { status: 202, body: { service: '' } };
  await untilRunning(context, { anchor, answerBy }, { signal });
  const place = { id: serviceId(request), namespace, domain: settings.service_domain };
  return { status: 200, body: { service: serviceAddress(parts, place) } };
}

function allow(context: Context, hub: string, { request, flavor, authentication }: OutpostStart): Allowance {
  const { file } = context.settings;
  try {
    return allowanceFor(file.flavors, { hub, userId: request.userId, flavor, authentication });
  } catch (error) {
    throw operationError(file.error_messages['services.utils.common.start_service_2'], error);
  }
}

/** The hub expects an answering server soon after the answer, and pulling an image may take longer than it waits then. */
async function untilRunning(
  context: Context,
  { anchor, answerBy }: { readonly anchor: Anchor; readonly answerBy: number },
  call: Call,
): Promise<void> {
  while (!(await isRunning(context, anchor, call)) && performance.now() < answerBy) {
    // Out of time is no failure of the start: its address is answered.
    await sleep(LOOK_AGAIN_MS, undefined, { signal: call.signal }).catch(() => undefined);
    if (call.signal.aborted) return;
  }
}

/** Fails when the server will never run. */
async function isRunning(context: Context, { start }: Anchor, call: Call): Promise<boolean> {
  const polled = await pollService(context, start, call).catch((error: unknown) => {
    if (isRefusal(error)) throw error;
    return 'unknown' as const; // The cluster cannot be asked now: the start goes on nevertheless.
  });
  if (polled === 'unknown') return false;
  if (polled === undefined) throw new AppError('stopped', 409, 'The server was stopped while it started.');
  const { running, details, status } = polled.state;
  if (!running) throw new AppError('start_failed', 500, status.message, { body: details });
  return status.phase === 'running';
}
