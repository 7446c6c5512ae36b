// Puts together what the function works with.
import type { Log } from '../../lib/log';
import type { Context } from './context';
import { createCounters } from './counters';
import { createJobsApi } from './jobsApi';
import { openSecrets } from './secrets';
import type { IntakeSettings } from './settings';
import { readTemplate } from './submissions/template';

export function createContext(settings: IntakeSettings, { folder, log }: { folder: string; log: Log }): Context {
  const { intake, urls } = settings;
  const secrets = openSecrets(folder);
  return {
    settings,
    secrets,
    jobs: createJobsApi({ urls, token: secrets.token, connections: intake.atOnce }),
    rules: {
      userClaims: intake.userClaims,
      // As it is now: the set, and what goes into it, may change.
      template: async () => readTemplate({ ...intake.submissions, secrets: await secrets.ofSubmissions() }),
    },
    clock: () => new Date(),
    log,
    counters: createCounters(),
  };
}
