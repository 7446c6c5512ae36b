// What the stages function is told at start: its environment alone.
import * as z from 'zod';
import { clusterVariables, eventVariables, knownSources, serverVariables } from '../../lib/config/environment';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  ...eventVariables,
  /** A submission that is not complete by then is given up; longer than the longest request. */
  START_DEADLINE_SECONDS: z.coerce.number().min(60).default(120),
});

export interface StagesSettings {
  readonly namespace: string;
  readonly submissionSeconds: number;
  readonly isKnownSource: (source: string) => boolean;
}

/** `podNamespace` is used when no namespace is named. */
export function stagesSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): StagesSettings {
  return {
    namespace: env.DEPLOYMENT_NAMESPACE ?? podNamespace,
    submissionSeconds: env.START_DEADLINE_SECONDS,
    isKnownSource: knownSources(env),
  };
}
