// What the job set of a submission is filled with, beside what the operator names. Pure.
import type { Submission } from '../message';

export type Values = Readonly<Record<string, string>>;
/** From what a user sends to the body of `POST /jobs`. */
export type Template = (values: Values) => Readonly<Record<string, unknown>>;

export interface WantedSubmission {
  readonly submission: Submission;
  readonly user: string;
  /** Of the job set. */
  readonly id: string;
}

export function submissionValues({ submission, user, id }: WantedSubmission): Values {
  const { assignment, path, sha256 = '', sha1 = '' } = submission;
  // Kubernetes would put variables in the place of $(NAME).
  return { id, user, assignment, path: path.replaceAll('$', '$$$$'), sha256, sha1 };
}
