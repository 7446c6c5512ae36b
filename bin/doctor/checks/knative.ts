// Knative Serving and Eventing: there, new enough, running, and set as the manifests need it. Pure.
import type { Component, Facts } from '../facts';
import { ON_BY_DEFAULT } from '../features';
import { fail, hidden, ok, valueOf, warn, type Finding } from '../finding';
import { compareVersions, parseVersion, versionText, type Version } from '../version';

const OLDEST: Version = { major: 1, minor: 15 };
const INSTALL = 'https://knative.dev/docs/install/yaml-install';
/** The other platform needs none of it. */
const WITHOUT = 'or install with --platform deployment';

export function serving(facts: Facts): Finding {
  const fix = `install Knative Serving: ${INSTALL}/serving/install-serving-with-yaml, ${WITHOUT}`;
  const place = { facts, namespace: 'knative-serving', group: /^serving\.knative\.dev/, fix };
  return component('Knative Serving', facts.serving, place);
}

export function eventing(facts: Facts): Finding {
  const fix = `install Knative Eventing: ${INSTALL}/eventing/install-eventing-with-yaml, ${WITHOUT}`;
  const place = { facts, namespace: 'knative-eventing', group: /^(eventing|sources)\.knative\.dev/, fix };
  return component('Knative Eventing', facts.eventing, place);
}

interface Place {
  readonly facts: Facts;
  readonly namespace: string;
  readonly group: RegExp;
  readonly fix: string;
}

function component(check: string, { version, workloads }: Component, place: Place): Finding {
  const { facts, namespace, group, fix } = place;
  const absent = facts.kinds.filter(({ apiVersion, resource }) => group.test(apiVersion) && resource === undefined);
  if (absent.length > 0) {
    return fail(check, `the cluster serves no ${absent.map(({ kind }) => kind).join(', ')}`, fix);
  }
  const stopped = (valueOf(workloads) ?? []).filter(({ isAvailable }) => !isAvailable).map(({ name }) => name);
  if (stopped.length > 0) {
    return fail(check, `${stopped.join(', ')} is not available`, `kubectl -n ${namespace} describe deployments`);
  }
  return versionOf(check, version, namespace);
}

function versionOf(check: string, seen: Component['version'], namespace: string): Finding {
  const wanted = `${versionText(OLDEST)} or newer is needed`;
  if (seen.outcome === 'forbidden') return hidden(check, `namespace ${namespace}`);
  if (seen.outcome === 'missing')
    return warn(check, `it is not in namespace ${namespace}, where its version is told`, wanted);
  const text = seen.value;
  const version = parseVersion(text);
  if (version === undefined) return warn(check, `it does not tell its version: ${text || 'no label'}`, wanted);
  if (compareVersions(version, OLDEST) < 0) return fail(check, `${text} is too old`, `upgrade it: ${wanted}`);
  return ok(check, text);
}

export function features({ features: needed, serving: { settings } }: Facts): Finding {
  const check = 'Knative features';
  if (needed.length === 0) return ok(check, 'no flag is needed');
  const flags = valueOf(settings);
  if (flags === undefined) return hidden(check, 'ConfigMap config-features in namespace knative-serving');
  const off = needed.filter((flag) => !isOn(flags[flag], flag));
  if (off.length === 0) return ok(check, needed.join(', '));
  const data = JSON.stringify({ data: Object.fromEntries(off.map((flag) => [flag, 'enabled'])) });
  return fail(
    check,
    `off, and needed: ${off.join(', ')}`,
    `kubectl -n knative-serving patch configmap config-features --type merge -p '${data}'`,
  );
}

/** `allowed` is enough for what a manifest says itself. */
function isOn(value: string | undefined, flag: string): boolean {
  return value === undefined ? ON_BY_DEFAULT.has(flag) : value.toLowerCase() !== 'disabled';
}

const BROKER = 'MTChannelBasedBroker';

/** Ours is of the cluster's default class. */
export function broker({ eventing: { settings, workloads } }: Facts): Finding {
  const check = 'broker';
  if (settings.outcome === 'forbidden')
    return hidden(check, 'ConfigMap config-br-defaults in namespace knative-eventing');
  const defaults = valueOf(settings)?.['default-br-config'];
  const running = valueOf(workloads)?.map(({ name }) => name) ?? [];
  const isMissing = defaults === undefined || (defaults.includes(BROKER) && !running.includes('mt-broker-controller'));
  if (!isMissing) return ok(check, defaults.includes(BROKER) ? BROKER : 'of a class of your own');
  return fail(
    check,
    'there is no implementation of the default broker',
    `apply in-memory-channel.yaml (tests) or a lasting channel, and mt-channel-broker.yaml: ${INSTALL}/eventing/install-eventing-with-yaml`,
  );
}
