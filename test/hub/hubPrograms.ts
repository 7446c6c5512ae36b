// JupyterHub and its proxy as programs of this machine, configured by the sample configuration.
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Bench } from './bench';
import type { Platform, PlatformPlace } from './platforms/platform';
import type { Program } from './program';

export interface HubPrograms {
  readonly hub: Program;
  /** Where users come in: the proxy. */
  readonly url: string;
  /** Where servers find the hub. */
  readonly apiUrl: string;
  /** Of a service that may do everything. */
  readonly token: string;
}

/** Which spawner the hub has: `jupyterhub_config.py` or `outpost_config.py`. */
export interface HubOptions {
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface HubPlace extends Pick<PlatformPlace, 'hubHost' | 'hubConfigs'> {
  readonly platform: Platform;
  readonly ports: Ports;
}

export function startHubPrograms(
  bench: Bench,
  { platform, ports, hubHost, hubConfigs }: HubPlace,
  { config = 'jupyterhub_config.py', env = {} }: HubOptions = {},
): HubPrograms {
  const { port, apiPort, hubPort } = ports;
  const token = randomBytes(16).toString('hex');
  const url = localUrl(port);
  const proxyToken = { CONFIGPROXY_AUTH_TOKEN: randomBytes(16).toString('hex') };
  bench.start('proxy', proxyCommand(ports, hubUrl({ hubHost, hubPort })), proxyToken);
  const hub = bench.start('hub', ['jupyterhub', '-f', join(hubConfigs, config)], {
    ...proxyToken,
    HUB_TEST_URL: url,
    HUB_TEST_PROXY_API_URL: localUrl(apiPort),
    HUB_TEST_TOKEN: token,
    HUB_CONNECT_URL: hubUrl({ hubHost, hubPort }),
    HUB_FUNCTIONS_URL: platform.url,
    ...platform.environment,
    ...env,
  });
  return { hub, url, apiUrl: hubApiUrl({ hubHost, hubPort }), token };
}

/** Where servers and functions reach the hub. */
export function hubApiUrl(address: HubAddress): string {
  return `${hubUrl(address)}/hub/api`;
}

interface HubAddress {
  readonly hubHost: string;
  readonly hubPort: number;
}

function hubUrl({ hubHost, hubPort }: HubAddress): string {
  return `http://${hubHost}:${hubPort}`;
}

export interface Ports {
  readonly port: number;
  readonly apiPort: number;
  readonly hubPort: number;
}

function proxyCommand({ port, apiPort }: Ports, hub: string): readonly [string, ...string[]] {
  const users = ['--ip', '127.0.0.1', '--port', String(port)];
  const api = ['--api-ip', '127.0.0.1', '--api-port', String(apiPort)];
  const errors = ['--error-target', `${hub}/hub/error`];
  return [resolve('node_modules', '.bin', 'configurable-http-proxy'), ...users, ...api, ...errors];
}

function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
