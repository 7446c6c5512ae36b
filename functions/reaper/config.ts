// What the reaper is told at start; it deletes nothing unless REAPER_DRY_RUN is false.
import * as z from 'zod';
import { clusterVariables, serverVariables } from '../../lib/config/environment';
import type { Sweeper } from './sweep';

export const environmentSchema = z.object({
  ...serverVariables,
  ...clusterVariables,
  REAPER_DRY_RUN: z.enum(['true', 'false']).default('true'),
  /** A start that is not complete by then is removed; longer than the longest request. */
  START_DEADLINE_SECONDS: z.coerce.number().min(60).default(120),
  ENDED_RETENTION_SECONDS: z.coerce.number().min(0).default(3600),
});

/** `podNamespace` is used when no namespace is named. */
export function sweepSettings(env: z.infer<typeof environmentSchema>, podNamespace: string): Sweeper['settings'] {
  return {
    namespace: env.DEPLOYMENT_NAMESPACE ?? podNamespace,
    dryRun: env.REAPER_DRY_RUN === 'true',
    startDeadlineSeconds: env.START_DEADLINE_SECONDS,
    endedRetentionSeconds: env.ENDED_RETENTION_SECONDS,
  };
}
