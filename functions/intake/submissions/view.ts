// What a user sees of a submission: how it goes on, and nothing of what its stages wrote. Pure.
import * as z from 'zod';
import { USER_LABEL } from '../delivery';

const shown = {
  phase: z.string(),
  reason: z.string().optional(),
  exitCode: z.number().optional(),
};

const stage = z
  .object({
    ...shown,
    name: z.string(),
    message: z.string().optional(),
    startedAt: z.string().optional(),
    endedAt: z.string().optional(),
  })
  .transform(({ message, ...told }) => ({
    ...told,
    // What never ran wrote nothing: its message is what it waits for, in the words of the diagnosis.
    ...(told.startedAt === undefined && message !== undefined && { message }),
  }));

const job = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()) }),
  state: z.object({
    ...shown,
    stages: z.array(stage),
  }),
});

export type SubmissionView = z.infer<typeof job>['state'] & { readonly id: string };

/** Undefined when it is not this user's, or no submission at all. */
export function submissionView(id: string, read: unknown, user: string): SubmissionView | undefined {
  const parsed = job.safeParse(read);
  if (!parsed.success || parsed.data.metadata.labels[USER_LABEL] !== user) return undefined;
  return { id, ...parsed.data.state };
}
