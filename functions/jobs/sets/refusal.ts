// What the API server would refuse of a stage, told before anything exists: no stage that is due in an hour fails for a slip of the pen.
import { AppError } from '../../../lib/errors';
import type { SetPlan, Stage } from '../../../lib/jobSets/jobSet';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';
import { refusalOf } from '../submit';

/** Of the first stage that is refused. A Job that is there already may be the one of an earlier attempt of the same request. */
export async function refusalOfStages(
  context: Context,
  { stages }: SetPlan,
  call: Call,
): Promise<AppError | undefined> {
  const refusals = await Promise.all(stages.map(async (stage) => refusalOfStage(context, stage, call)));
  return refusals.find((refusal) => refusal !== undefined);
}

async function refusalOfStage({ kube }: Context, { name, job }: Stage, call: Call): Promise<AppError | undefined> {
  try {
    await kube.tryCreate(job, call);
    return undefined;
  } catch (error) {
    if (hasCode(error, 'already_exists')) {
      const detail = `stages.${name}: Job ${job.metadata?.name} exists already, and does not belong to this set. Choose another name.`;
      return new AppError('name_taken', 409, detail, { cause: error });
    }
    // An admission webhook that has side effects says `bad_request` to every dry run: that is no verdict.
    if (hasCode(error, 'bad_request')) return undefined;
    const refusal = refusalOf(error);
    if (!hasCode(refusal, 'invalid_input', 'forbidden') || refusal === error) throw error;
    return new AppError(refusal.code, refusal.status, `stages.${name}: ${refusal.message}`, { cause: error });
  }
}
