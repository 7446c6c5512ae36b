// Who is to blame for an answer: the sender of the message, the function that was asked, or what stands in front of it.
import { outcomeOf } from '../../../functions/intake/outcome';

const job = { to: 'jobs', method: 'POST', isOwnKey: true } as const;
const named = { ...job, isOwnKey: false };
const backup = { to: 'archives', method: 'POST', isOwnKey: true } as const;
const cancel = { to: 'jobs', method: 'DELETE', isOwnKey: false } as const;

const detail = (text: string) => ({ detail: text });
const NO_JOB = detail('Job not found');
const NO_CLAIM = detail('There is no claim x that may be archived.');
const NOT_FOUND = detail('Not Found');

test.each([
  ['made', job, 201, {}, 'done'],
  ['made under other settings', job, 409, detail('This Idempotency-Key stands for another job.'), 'done'],
  ['a name that others know', named, 409, detail('taken'), 'refused'],
  [
    'another archive under this key',
    backup,
    409,
    detail('This Idempotency-Key stands for another archive.'),
    'refused',
  ],
  ['not as it has to be', job, 422, detail('cmd'), 'refused'],
  ['without the right', backup, 403, detail('no'), 'refused'],
  ['broken', job, 500, {}, 'failed'],
  ['a token that is not known', job, 401, {}, 'unavailable'],
  ['nobody there', job, 503, undefined, 'unavailable'],
  ['sent on by a gateway', job, 302, undefined, 'unavailable'],
  ['a path that the gateway does not know', job, 404, undefined, 'unavailable'],
  ['a path that another program does not know', named, 404, NOT_FOUND, 'unavailable'],
  ['a method that the gateway does not let through', job, 405, undefined, 'unavailable'],
  ['no such claim', backup, 404, NO_CLAIM, 'refused'],
  ['no archives there', backup, 404, NOT_FOUND, 'unavailable'],
  ['a job that is gone', cancel, 404, NO_JOB, 'done'],
  ['a job that cannot be asked for', cancel, 404, NOT_FOUND, 'unavailable'],
  ['a page in place of an answer', cancel, 404, undefined, 'unavailable'],
] as const)('%s: %j with %i and %j is %s', (_what, sent, status, body, is) => {
  expect(outcomeOf({ status, body, isForLater: false }, sent)).toMatchObject({ is });
});

test.each([job, named, backup])('%j that meets a conflict that passes is busy', (sent) => {
  expect(outcomeOf({ status: 409, body: detail('Later.'), isForLater: true }, sent)).toEqual({
    is: 'busy',
    reason: '409: Later.',
  });
});
