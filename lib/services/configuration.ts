// The keys of the operator's config.json that say when a service runs and how its end is told: every function that judges reads them.
import * as z from 'zod';
import { statusInformation } from '../status/details';
import { policySettings, type Policy } from '../status/policy';

const nonEmpty = z.string().min(1);

/** Part of section `services`. */
export const judgementKeys = {
  deployment_main_name_prefix: z.string().max(20).default('deployment-main-'),
  container_main_name: nonEmpty.default('main'),
  pod_events_to_fail: z.array(z.enum(['Normal', 'Warning'])).default(['Warning']),
  status_information: statusInformation.prefault({}),
  /** How patient a diagnosis is; the main container and the event types have keys of their own in the contract. */
  status_policy: policySettings.omit({ mainContainer: true, eventTypesToFail: true }).prefault({}),
};

const judgement = z.object(judgementKeys);

export interface ServiceSettings {
  readonly namespace: string;
  readonly file: { readonly services: z.infer<typeof judgement> };
}

/** Settings never change, and every poll asks. */
const policies = new WeakMap<ServiceSettings, Policy>();

export function policyOf(settings: ServiceSettings): Policy {
  const known = policies.get(settings);
  if (known !== undefined) return known;
  const { status_policy, container_main_name, pod_events_to_fail } = settings.file.services;
  const policy = { ...status_policy, mainContainer: container_main_name, eventTypesToFail: pod_events_to_fail };
  policies.set(settings, policy);
  return policy;
}
