// Decides whom to tell to open tunnels anew, with what, or why that cannot be. Pure.
import type { Tunnel } from '../../../lib/config/tunnels';

export interface Telling {
  readonly hostname: string;
  readonly url: string;
  /** The whole value of the header Authorization; told to nobody else. */
  readonly authorization: string;
  readonly timeoutMs: number;
  /** A file with certificates, or whether to check. */
  readonly trust: string | boolean;
}

export interface Skipped {
  readonly hostname: string;
  readonly why: string;
}

export interface Surroundings {
  readonly stage: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type Planned = Telling | Skipped;

export function planRestarts(tunnels: readonly Tunnel[], around: Surroundings): readonly Planned[] {
  return tunnels.map((tunnel) => planOne(tunnel, around));
}

export function isTelling(planned: Planned): planned is Telling {
  return 'url' in planned;
}

function planOne(tunnel: Tunnel, { stage, environment }: Surroundings): Planned {
  const { hostname, cred_env_name: variable, timeout, certificate_path: trust } = tunnel;
  const staged = stage !== undefined && Object.hasOwn(tunnel.stage, stage) ? tunnel.stage[stage] : undefined;
  const url = staged?.restart_url ?? tunnel.restart_url;
  const authorization = environment[variable]?.trim() ?? '';
  const why = reasonToSkip({ hostname, url, authorization, variable });
  return why === undefined ? { hostname, url, authorization, timeoutMs: timeout * 1000, trust } : { hostname, why };
}

interface Judged {
  readonly hostname: string;
  readonly url: string;
  readonly authorization: string;
  readonly variable: string;
}

/** Never a value of the environment: it may be a secret. */
function reasonToSkip({ hostname, url, authorization, variable }: Judged): string | undefined {
  if (hostname === '') return 'it has no hostname';
  if (url === '') return 'it has no restart_url for this stage';
  if (!/^https?:\/\/[^/]/.test(url)) return `its restart_url is no http address: ${url}`;
  return authorization === '' ? `the environment variable ${variable} is empty` : undefined;
}
