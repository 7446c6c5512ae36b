// OpenFaaS as far as functions can tell: those of stack.yml behind its gateway, their Secrets as files, and a cluster for what they start.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startGateway, type GatewayFunction } from '../../../dev/gateway/gateway';
import { AppError } from '../../../lib/errors';
import { credentialFile, type TestCredential } from '../credentialFiles';
import { openEmbeddedCluster } from '../embeddedCluster';
import type { FunctionEnvironment } from '../functionProcess';
import { sendRequest, type Answer, type Sent } from '../httpClient';
import { freePort } from '../receivers/freePort';
import type { TestCluster } from '../testCluster';
import { readStack, type Stack, type StackFunction } from './stack';

export interface OpenFaas {
  readonly cluster: TestCluster;
  readonly stack: Stack;
  /** Of the gateway. */
  readonly url: string;
  readonly request: (method: string, path: string, sent?: Sent) => Promise<Answer>;
  /** Of one function, as it is deployed. */
  readonly environmentOf: (name: string) => FunctionEnvironment;
  /** Lines that a function wrote, as JSON. */
  readonly logOf: (name: string) => readonly Readonly<Record<string, unknown>>[];
  /** As the cron-connector calls a function. */
  readonly cron: (name: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export interface OpenFaasOptions {
  /** Beside what the sample says. */
  readonly config?: object;
  /** See `Target` of the gateway. */
  readonly patienceMs?: number;
  readonly environment?: FunctionEnvironment;
}

/** Where faas-netes mounts all Secrets of a function. */
const MOUNT = '/var/openfaas/secrets';
const CREDENTIAL: TestCredential = {
  groups: ['access_to_webservice', 'access_to_jobs', 'access_to_reaper', 'access_to_logging', 'access_to_archives'],
};
const DIST = process.env['DIST_DIR'] ?? 'dist';

export async function openOpenFaas(options: OpenFaasOptions = {}): Promise<OpenFaas> {
  const { patienceMs, config = {} } = options;
  const root = mkdtempSync(join(tmpdir(), 'hub-functions-openfaas-'));
  const cluster = await openEmbeddedCluster();
  const url = `http://127.0.0.1:${await freePort()}`;
  const stack = readStack({ HUB_FUNCTIONS_NAMESPACE: cluster.namespace, HUB_FUNCTIONS_GATEWAY: url });
  const secrets = readSecrets(root, config);
  const environmentOf = (name: string): FunctionEnvironment => {
    const folder = join(root, 'secrets', name);
    const { environment = {} } = functionOf(stack, name);
    const told = Object.entries(environment).map(([key, value]) => [key, value.replaceAll(MOUNT, folder)]);
    return { ...Object.fromEntries(told), ...cluster.environment, LISTEN_HOST: '127.0.0.1', ...options.environment };
  };
  const outputs: number[] = [];
  const logFile = (name: string): string => join(root, `${name}.log`);
  for (const [name, deployed] of Object.entries(stack.functions)) mount(join(root, 'secrets', name), deployed, secrets);
  const gateway = await startGateway({
    port: Number(new URL(url).port),
    functions: Object.fromEntries(
      Object.keys(stack.functions).map((name) => [name, deploy(name, environmentOf(name))]),
    ),
    environment: { PATH: process.env['PATH'] ?? '' },
    idleMs: 60_000,
    readyTimeoutMs: 20_000,
    ...(patienceMs !== undefined && { patienceMs }),
    remember: () => ({ forget: () => undefined }),
    openOutput: (name) => {
      const output = openSync(logFile(name), 'a');
      outputs.push(output);
      return output;
    },
    findService: () => {
      throw new AppError('not_here', 404, 'OpenFaaS leads to functions only.');
    },
    report: () => undefined,
  });
  const request: OpenFaas['request'] = async (method, path, sent) => sendRequest(method, { origin: url, path }, sent);
  return {
    cluster,
    stack,
    url,
    request,
    environmentOf,
    logOf: (name) => linesOf(readFileSync(logFile(name), 'utf8')),
    cron: async (name) =>
      request('POST', `/function/${name}.openfaas-fn`, {
        headers: { 'x-topic': 'cron-function', 'x-connector': 'cron-connector', 'content-length': '0' },
      }),
    close: async () => {
      await gateway.stop();
      for (const output of outputs) closeSync(output);
      await cluster.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function functionOf({ functions }: Stack, name: string): StackFunction {
  const found = functions[name];
  if (found === undefined) throw new Error(`${name} is not in stack.yml`);
  return found;
}

function deploy(name: string, environment: FunctionEnvironment): GatewayFunction {
  return {
    command: [process.execPath, '--enable-source-maps', resolve(DIST, 'functions', name, 'index.js')],
    environment,
  };
}

type Files = Readonly<Record<string, string>>;

/** What an operator makes by the documented command, with logins added. */
function readSecrets(root: string, config: object): Readonly<Record<string, Files>> {
  const sample = JSON.parse(readFileSync('descriptions/config.json', 'utf8')) as object;
  const file = join(root, 'config.json');
  writeFileSync(file, JSON.stringify({ ...sample, ...config }));
  const list = execFileSync(process.execPath, ['deploy/openfaas/secrets.mjs', '--config', file], { encoding: 'utf8' });
  const { items } = JSON.parse(list) as { readonly items: readonly Secret[] };
  const made = Object.fromEntries(items.map(({ metadata, data = {} }) => [metadata.name, textsOf(data)]));
  const logins = {
    jupyterhub: credentialFile('jupyterhub', CREDENTIAL),
    other: credentialFile('other', { groups: [] }),
  };
  return { ...made, 'hub-functions-credentials': logins };
}

interface Secret {
  readonly metadata: { readonly name: string };
  readonly data?: Files;
}

function textsOf(data: Files): Files {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

/** As the kubelet does it: files of one folder, which are links into another one that is swapped as a whole. */
function mount(folder: string, { secrets = [] }: StackFunction, known: Readonly<Record<string, Files>>): void {
  mkdirSync(join(folder, '..1'), { recursive: true });
  symlinkSync('..1', join(folder, '..data'));
  for (const name of secrets) {
    const files = known[name];
    // faas-netes refuses such a function.
    if (files === undefined) throw new Error(`the Secret ${name} is not there`);
    for (const [key, text] of Object.entries(files)) {
      writeFileSync(join(folder, '..1', key), text, { flag: 'wx' });
      symlinkSync(join('..data', key), join(folder, key));
    }
  }
}

function linesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}
