// What a Job's podFailurePolicy says about a failed pod: the action of the first rule that matches.
import type { V1PodFailurePolicyRule } from '@kubernetes/client-node';
import type { Job, Pod, Wire } from './wire';

type Rule = Wire<V1PodFailurePolicyRule>;

export interface Verdict {
  readonly action: 'Ignore' | 'Count' | 'FailJob';
  readonly message: string;
}

const COUNTED: Verdict = { action: 'Count', message: '' };

export function judgeFailedPod(job: Job, pod: Pod): Verdict {
  const rules = job.spec.podFailurePolicy?.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    const why = matchExitCode(rule, pod) ?? matchCondition(rule, pod);
    if (why !== undefined) {
      return { action: actionOf(rule), message: `${why} matching ${rule.action} rule at index ${index}` };
    }
  }
  return COUNTED;
}

function actionOf({ action }: Rule): Verdict['action'] {
  return action === 'Ignore' || action === 'FailJob' ? action : 'Count';
}

function matchExitCode({ onExitCodes }: Rule, { metadata, status }: Pod): string | undefined {
  if (onExitCodes === undefined) return undefined;
  const { containerName, operator, values } = onExitCodes;
  const ended = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const match = ended.find(({ name, state }) => {
    const exitCode = state?.terminated?.exitCode ?? 0;
    const isMeant = exitCode !== 0 && (containerName === undefined || containerName === name);
    return isMeant && values.includes(exitCode) === (operator === 'In');
  });
  if (match === undefined) return undefined;
  const exitCode = match.state?.terminated?.exitCode;
  return `Container ${match.name} for pod ${metadata.namespace}/${metadata.name} failed with exit code ${exitCode}`;
}

function matchCondition({ onPodConditions = [] }: Rule, { metadata, status }: Pod): string | undefined {
  const match = status?.conditions?.find((condition) =>
    onPodConditions.some(
      (pattern) => pattern.type === condition.type && (pattern.status ?? 'True') === condition.status,
    ),
  );
  return match && `Pod ${metadata.namespace}/${metadata.name} has condition ${match.type}`;
}
