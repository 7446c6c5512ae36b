// The options of every jobs command, and the way they choose to the jobs API: a URL, or straight a cluster.
import { createKube } from '../../lib/kube/kube';
import { overHttp } from '../api/overHttp';
import { service } from '../api/service';
import { usageError, type Terminal } from '../command';
import { createClient, type JobsClient } from './api/client';
import { inProcess, isPullPolicy } from './api/inProcess';

export const accessOptions = {
  url: { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  'token-file': { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  as: { type: 'string' },
  'k8s-pull-policy': { type: 'string' },
  submit: { type: 'string' },
} as const;

export const accessUsage = `where:
      --url URL              the jobs function; default: HUBFN_URL; without both, straight on a cluster
      --user NAME            credential; default: HUBFN_USER; its password is in HUBFN_PASSWORD or --password-file,
                             or without a name a token in HUBFN_TOKEN or --token-file
      --kubeconfig FILE, --context NAME, -n, --namespace NAME
                             the cluster (default: as kubectl finds it)
      --as NAME              whose jobs they are, straight on a cluster; default: hubfn
      --submit auto|http|kubernetes
                             insist on one of the two ways; default: auto`;

export type AccessArguments = { readonly [Key in keyof typeof accessOptions]?: string | undefined };

const DEFAULT_CREDENTIAL = 'hubfn';
/** As the original does. */
const DEFAULT_PULL_POLICY = 'Always';

export async function openClient(given: AccessArguments, terminal: Terminal): Promise<JobsClient> {
  const { HUBFN_URL } = terminal.environment;
  const isDirect = given.kubeconfig !== undefined || given.context !== undefined || given.submit === 'kubernetes';
  const url = given.url ?? (isDirect ? undefined : HUBFN_URL || undefined);
  checkWay(given, url);
  return createClient(url === undefined ? await direct(given, terminal) : overHttp(service(url, given, terminal)));
}

/** An option that would not be heeded is a mistake. */
function checkWay({ submit = 'auto', ...given }: AccessArguments, url: string | undefined): void {
  if (!['auto', 'http', 'kubernetes'].includes(submit)) {
    throw usageError(`--submit is auto, http or kubernetes, not ${submit}`);
  }
  if (submit === 'http' && url === undefined) throw usageError('--submit http needs --url or HUBFN_URL');
  if (submit === 'kubernetes' && url !== undefined) throw usageError('--submit kubernetes goes without --url');
  const others = ['kubeconfig', 'context', 'namespace', 'as', 'k8s-pull-policy'] as const;
  const unheeded = others.find((option) => given[option] !== undefined);
  if (url !== undefined && unheeded !== undefined) throw usageError(`--${unheeded} does not go with a URL (${url})`);
}

async function direct(given: AccessArguments, terminal: Terminal) {
  const pullPolicy = given['k8s-pull-policy'] ?? DEFAULT_PULL_POLICY;
  if (!isPullPolicy(pullPolicy)) {
    throw usageError(`--k8s-pull-policy is Always, IfNotPresent or Never, not ${pullPolicy}`);
  }
  const connection = await terminal.connect(given);
  return inProcess({
    kube: createKube(connection.transport),
    namespace: given.namespace ?? connection.namespace ?? 'default',
    credential: given.as ?? DEFAULT_CREDENTIAL,
    pullPolicy,
    clock: terminal.clock,
  });
}
