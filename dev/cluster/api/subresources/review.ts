// SelfSubjectAccessReview: whoever holds the token may do everything here.
import type { Answer } from '../answer';
import type { Api } from '../context';
import type { ResourceRequest } from '../request';
import { readBody } from '../write/body';

export function reviewAccess(_api: Api, request: ResourceRequest): Answer {
  const { object: review } = readBody(request);
  const status = { allowed: true, reason: 'the embedded cluster has no authorization' };
  return { status: 201, body: { ...review, status } };
}
