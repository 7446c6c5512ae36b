// Starts one task: not when its outputs are there, and not a second time when an earlier run has started it.
import { AppError } from '../../../lib/errors';
import { shortHash } from '../../../lib/naming';
import { stateOf, type Job } from '../api/answers';
import type { JobsClient } from '../api/client';
import { labelValue } from '../names';
import { jobBody, type Body } from '../request';
import { progressOf } from './observe';
import type { Progress } from './plan';
import type { Run } from './run';
import type { Task } from './taskFile';
import { isUpToDate } from './upToDate';
import { wishesOf, payloadOfTask } from './wishes';

export async function startTask(run: Run, task: Task): Promise<Progress> {
  if (run.isCheckingMissing && (await isUpToDate(task, run.isCheckingTimestamps))) {
    return { state: 'done', reason: 'its outputs exist' };
  }
  try {
    return await continueOrSubmit(run.client, bodyOf(run, task));
  } catch (error) {
    // What this task asks for is refused; another one may be right.
    if (error instanceof AppError && [403, 409, 422].includes(error.status)) {
      return { state: 'failed', reason: error.message };
    }
    throw error;
  }
}

/** The same for the same task: by its label a later run knows it again. */
export function bodyOf({ identifier, client, wishes, environment }: Run, task: Task): Body {
  const work = {
    identifier,
    payload: payloadOfTask(task),
    wishes: wishesOf(task, wishes, environment),
    defaultImage: client.defaultImage,
    labels: { task: labelValue(task.name) },
  };
  const { secretEnv: _hidden, ...asked } = jobBody(work, task.counter);
  return jobBody({ ...work, labels: { ...work.labels, submission: shortHash(JSON.stringify(asked)) } }, task.counter);
}

async function continueOrSubmit(client: JobsClient, body: Body): Promise<Progress> {
  const found = await client.find(body.name);
  if (found !== undefined) {
    checkSame(found, body);
    return progressOf(body.name, stateOf(found));
  }
  const { metadata } = await client.submit(body);
  return { state: 'submitted', id: metadata.name };
}

/** A record of a reaped job may have no labels. */
function checkSame({ metadata: { name, labels } }: Job, body: Body): void {
  const { submission } = body['labels'] as Readonly<Record<string, string>>;
  if (labels['submission'] === undefined || labels['submission'] === submission) return;
  const detail = `${name} was submitted with something else: choose another --identifier`;
  throw new AppError('task_changed', 409, detail);
}
