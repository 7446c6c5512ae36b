// The options of every archive command, and the way they choose to the archive API: a URL, or straight a cluster.
import { archiveKey } from '../../functions/archive/configFile';
import { createCounters } from '../../functions/archive/counters';
import { advanceUser } from '../../functions/archive/operation/advance';
import { createRoutes } from '../../functions/archive/routes';
import { readJsonFile } from '../../lib/config/file';
import { loadConfig } from '../../lib/config/load';
import { createKube } from '../../lib/kube/kube';
import { createLog } from '../../lib/log';
import { shortHash } from '../../lib/naming';
import { isRecord } from '../../lib/record';
import type { Api } from '../api/api';
import { overHttp } from '../api/overHttp';
import { routed } from '../api/routed';
import { service } from '../api/service';
import { usageError, type Terminal } from '../command';

export const accessOptions = {
  url: { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  'token-file': { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  config: { type: 'string' },
  'mover-image': { type: 'string' },
} as const;

export const accessUsage = `where:
      --url URL              the archive function; default: HUBFN_URL; without both, straight on a cluster
      --user NAME            credential; default: HUBFN_USER; its password is in HUBFN_PASSWORD or --password-file,
                             or without a name a token (of the hub, for one's own archives) in HUBFN_TOKEN or --token-file
      --kubeconfig FILE, --context NAME, -n, --namespace NAME
                             the cluster (default: as kubectl finds it)
      --config FILE          straight on a cluster: config.json of the functions; its section archive is used
      --mover-image IMAGE    straight on a cluster: what movers run; default: MOVER_IMAGE`;

export type AccessArguments = { readonly [Key in keyof typeof accessOptions]?: string | undefined };

export interface ArchiveApi extends Api {
  /** Straight on a cluster nobody else may be there to go on when a mover has ended. */
  readonly goOn: (user: string) => Promise<void>;
}

const DEFAULT_IMAGE = 'hub-functions-mover';
const STEP_MS = 60_000;

export async function openApi(given: AccessArguments, terminal: Terminal): Promise<ArchiveApi> {
  const { HUBFN_URL } = terminal.environment;
  const isDirect = given.kubeconfig !== undefined || given.context !== undefined;
  const url = given.url ?? (isDirect ? undefined : HUBFN_URL || undefined);
  if (url === undefined) return direct(given, terminal);
  const others = ['kubeconfig', 'context', 'namespace', 'config', 'mover-image'] as const;
  const unheeded = others.find((option) => given[option] !== undefined);
  if (unheeded !== undefined) throw usageError(`--${unheeded} does not go with a URL (${url})`);
  return { ...overHttp(service(url, given, terminal)), goOn: async () => undefined };
}

/** The cluster's own rights are the only limits: who has the kubeconfig is the operator. */
async function direct(given: AccessArguments, terminal: Terminal): Promise<ArchiveApi> {
  const connection = await terminal.connect(given);
  const namespace = given.namespace ?? connection.namespace ?? 'default';
  const program = terminal.environment['MOVER_PROGRAM'];
  const context = {
    kube: createKube(connection.transport),
    settings: {
      namespace,
      archive: archiveConfig(given.config),
      mover: {
        image: given['mover-image'] ?? (terminal.environment['MOVER_IMAGE'] || DEFAULT_IMAGE),
        command: program === undefined ? [] : ['node', program],
      },
      sweepSeconds: STEP_MS / 1000,
      isKnownSource: () => false,
    },
    clock: terminal.clock,
    log: createLog({ name: 'hubfn', level: 'error', write: () => undefined }),
    counters: createCounters(),
  };
  const caller = { name: 'hubfn', groups: [], superuser: true };
  return {
    place: `namespace ${namespace}`,
    request: routed(createRoutes(context), caller),
    goOn: async (user) => advanceUser(context, shortHash(user), { signal: AbortSignal.timeout(STEP_MS) }),
  };
}

function archiveConfig(file: string | undefined) {
  const whole = file === undefined ? {} : readJsonFile(file);
  const section = isRecord(whole) ? (whole['archive'] ?? {}) : {};
  return loadConfig(archiveKey, section, 'archive in config.json');
}
