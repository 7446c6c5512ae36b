// The cluster itself: its version, its clock, its names, its network. Pure.
import type { Facts } from '../facts';
import { fail, hidden, ok, valueOf, warn, type Finding } from '../finding';
import { compareVersions, parseVersion, versionText, type Version } from '../version';

/** Knative 1.15 refuses older ones. */
const OLDEST: Version = { major: 1, minor: 28 };
/** What the tests of this project run on. */
const TESTED: Version = { major: 1, minor: 34 };
/** Nothing that is used here is gone in it. */
const NEWEST: Version = { major: 1, minor: 37 };

export function kubernetes({ kubernetes: seen }: Facts): Finding {
  const check = 'Kubernetes';
  const text = valueOf(seen);
  if (text === undefined) return hidden(check, 'the version of Kubernetes');
  const version = parseVersion(text);
  if (version === undefined) {
    return warn(check, `its version cannot be read: ${text}`, `compare it with ${range()} by hand`);
  }
  if (compareVersions(version, OLDEST) < 0) {
    return fail(check, `${text} is too old`, `upgrade the cluster to ${versionText(OLDEST)} or newer`);
  }
  if (compareVersions(version, NEWEST) > 0) {
    return warn(
      check,
      `${text} is newer than ${range()}`,
      'look for a newer hub-functions, or try it on a test cluster',
    );
  }
  return ok(check, `${text} (tested with ${versionText(TESTED)})`);
}

function range(): string {
  return `${versionText(OLDEST)} to ${versionText(NEWEST)}`;
}

const WHAT_FAILS_AT = 'pod-security.kubernetes.io/enforce';
/** What movers are given, the other two levels refuse: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const ENOUGH = 'privileged';

export function namespace({ namespace: name, namespaceLabels }: Facts): Finding {
  const check = 'namespace';
  if (namespaceLabels.outcome === 'forbidden') return hidden(check, `namespace ${name}`);
  const labels = valueOf(namespaceLabels);
  if (labels === undefined) return fail(check, `${name} does not exist`, `kubectl create namespace ${name}`);
  const level = labels[WHAT_FAILS_AT] ?? ENOUGH;
  if (level === ENOUGH) return ok(check, name);
  return warn(
    check,
    `${name} allows pods of the level ${level} only: movers of archives are root, with DAC_READ_SEARCH, and are refused`,
    `without archives nothing needs to be done; for them: kubectl label --overwrite namespace ${name} ${WHAT_FAILS_AT}=${ENOUGH}`,
  );
}

/** Beyond it signatures and tokens of some clusters are refused. */
const CLOCK_SECONDS = 30;

export function clock({ clockAheadSeconds: ahead }: Facts): Finding {
  const check = 'clock';
  if (ahead === undefined) return ok(check, 'the cluster does not tell its own');
  const distance = Math.abs(ahead);
  if (distance <= CLOCK_SECONDS) return ok(check, `${distance} s from that of the cluster`);
  const message = `this machine is ${distance} s ${ahead > 0 ? 'ahead of' : 'behind'} the cluster`;
  return warn(check, message, 'set both by NTP: deadlines, expiries and logs are told by clocks');
}

export function dns({ dns: seen }: Facts): Finding {
  const check = 'DNS';
  if (seen.outcome === 'forbidden') return hidden(check, 'the Services of the whole cluster');
  const ready = valueOf(seen) ?? [];
  if (ready.length === 0) {
    return warn(
      check,
      'no Service has the label k8s-app=kube-dns, so it cannot be seen whether pods find names',
      'look whether kubectl run -i --rm --image busybox names -- nslookup kubernetes.default finds it',
    );
  }
  if (Math.max(...ready) > 0) return ok(check, 'the DNS of the cluster answers');
  return fail(
    check,
    'the DNS of the cluster has no ready endpoint',
    'kubectl -n kube-system describe pods -l k8s-app=kube-dns',
  );
}

/** DaemonSets of network plugins that enforce NetworkPolicies. */
const ENFORCERS =
  /^(anetd|antrea-agent|azure-npm|calico-node|canal|cilium|kindnet|kube-router|ovn|rke2-canal|weave-net)/;

export function networkPolicies({ daemonSets, kubernetes: version }: Facts): Finding {
  const check = 'network policies';
  // K3s carries one in its own process.
  if (valueOf(version)?.includes('+k3s') === true) return ok(check, 'enforced by K3s');
  if (daemonSets.outcome === 'forbidden') return hidden(check, 'the network plugin');
  const enforcer = (valueOf(daemonSets) ?? []).find((name) => ENFORCERS.test(name));
  if (enforcer !== undefined) return ok(check, `enforced by ${enforcer}`);
  return warn(
    check,
    'nothing was found that enforces them: movers and untrusted stages of job sets could then reach the network',
    'install a network plugin that does (Calico, Cilium), unless yours is one that hubfn does not know',
  );
}
