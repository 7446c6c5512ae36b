// All checks of a platform over the facts about a cluster. Pure.
import { clock, dns, kubernetes, namespace, networkPolicies } from './checks/cluster';
import { broker, eventing, features, serving } from './checks/knative';
import { functions, gateway, timers } from './checks/openfaas';
import { rights } from './checks/rights';
import { sharedClaims, snapshots, storageClasses } from './checks/storage';
import type { Facts, Platform } from './facts';
import type { Finding } from './finding';

type Check = (facts: Facts) => Finding;

const OF_PLATFORM: Readonly<Record<Platform, readonly Check[]>> = {
  knative: [serving, eventing, features, broker],
  openfaas: [gateway, timers, functions],
  deployment: [],
};

const ALWAYS: readonly Check[] = [
  namespace,
  rights,
  storageClasses,
  snapshots,
  sharedClaims,
  dns,
  networkPolicies,
  clock,
];

export function judge(facts: Facts): readonly Finding[] {
  return [kubernetes, ...OF_PLATFORM[facts.platform], ...ALWAYS].map((check) => check(facts));
}
