// What a user of a hub may do: submit, see how it goes on, and give it up. Only their own submissions are there.
import { randomUUID } from 'node:crypto';
import { describePath } from '../../../lib/config/load';
import { AppError } from '../../../lib/errors';
import type { Request, Response } from '../../../lib/http/message';
import type { Route } from '../../../lib/http/route';
import { jobId } from '../../../lib/jobs/names';
import { shortHash } from '../../../lib/naming';
import type { Context } from '../context';
import { submissionOf } from '../delivery';
import { submission } from '../message';
import { unavailable, type Outcome } from '../outcome';
import { HUB_USERS } from './hubLogin';
import { submissionView } from './view';

const ITEM = '/submissions/:id';
const ID = /^[0-9a-f-]{36}$/;
const MAX_KEY = 255;

/** `credential` speaks for the hub. */
export function createRoutes(context: Context, credential: string): readonly Route[] {
  const access = { group: HUB_USERS } as const;
  return [
    {
      method: 'POST',
      path: '/submissions',
      access,
      body: 'json',
      schema: submission,
      summary: 'Submit a file or folder of your claim; a repeat with the same Idempotency-Key is the same submission',
      handle: async (request) => submit(context, credential, request),
    },
    {
      method: 'GET',
      path: ITEM,
      access,
      summary: 'How a submission of yours goes on, stage by stage',
      handle: async (request) => ({ status: 200, body: await find(context, credential, request) }),
    },
    {
      method: 'DELETE',
      path: ITEM,
      access,
      summary: 'Give a submission of yours up',
      handle: async (request) => {
        const { id } = await find(context, credential, request);
        const cancellation = {
          to: 'jobs',
          credential,
          method: 'DELETE',
          path: `/jobs/${id}`,
          isOwnKey: false,
          job: id,
        } as const;
        checkOutcome(await context.jobs.deliver(cancellation, request.signal));
        return { status: 200, body: await find(context, credential, request) };
      },
    },
  ];
}

async function submit(
  { jobs, rules, log, counters }: Context,
  credential: string,
  request: Request,
): Promise<Response> {
  const user = userOf(request);
  const parsed = submission.safeParse(request.body);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${describePath(path)}: ${message}`);
    throw new AppError('invalid_input', 422, faults.join('; '));
  }
  const key = keyOf(request, user);
  const id = jobId(credential, key);
  const body = submissionOf({ submission: parsed.data, user, id }, await rules.template());
  const delivery = {
    to: 'jobs',
    credential,
    method: 'POST',
    path: '/jobs',
    body,
    key,
    isOwnKey: false,
    job: id,
  } as const;
  checkOutcome(await jobs.deliver(delivery, request.signal));
  counters.add('submissions');
  log.info('a user has submitted', { user, assignment: parsed.data.assignment, job: id });
  const location = { location: `/submissions/${id}` };
  return { status: 202, headers: location, body: { id, user, assignment: parsed.data.assignment } };
}

/** The key of one user is not that of another. */
function keyOf({ headers }: Request, user: string): string {
  const key = headers['idempotency-key'];
  if (key === undefined) return `hub-${randomUUID()}`;
  if (key !== '' && key.length <= MAX_KEY) return `hub-${shortHash(user, key)}`;
  throw new AppError('invalid_input', 422, `Idempotency-Key: give 1 to ${MAX_KEY} characters.`);
}

async function find({ jobs }: Context, credential: string, request: Request): Promise<{ readonly id: string }> {
  const id = request.params['id'] ?? '';
  const job = ID.test(id) ? await jobs.read(id, credential, request.signal) : undefined;
  const view = submissionView(id, job, userOf(request));
  if (view !== undefined) return view;
  throw new AppError('not_found', 404, 'There is no such submission of yours.');
}

function userOf({ caller }: Request): string {
  return caller?.name ?? '';
}

function checkOutcome(outcome: Outcome): void {
  if (outcome.is === 'done') return;
  if (outcome.is === 'refused') throw new AppError('refused', 422, outcome.reason);
  throw unavailable('Submissions cannot be reached at the moment.', new Error(outcome.reason));
}
