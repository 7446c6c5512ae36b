// User jobs on the whole way, with the function and its tunnels as they are deployed: rights, image, key, Slurm; and the Job that
// tells connected hubs, once, to open their tunnels anew.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basic } from '../support/credentialFiles';
import { eventually } from '../support/eventually';
import { startBody } from '../support/hub';
import type { Answer, Sent } from '../support/httpClient';
import { pastIngress, type Request } from '../support/knative/ingress';
import { install, type Installation } from '../support/knative/installation';
import { EVERY_FEW_SECONDS, HUB } from '../support/knative/overlay';
import { freePort } from '../support/userjobs/freePort';
import { startSlurm, type Slurm } from '../support/userjobs/slurm';
import { startSshServer, type SshServer } from '../support/userjobs/sshServer';
import { POD_REACHABLE, type Status } from '../support/userjobs/userJobs';
import { visitFromPod } from '../support/userjobs/visits';
import { startWebServer, type WebServer } from '../support/userjobs/webServer';

jest.setTimeout(240_000);

const AUTHORIZATION = 'Basic dHVubmVsczpzZWNyZXQ=';

let folder: string;
let slurm: Slurm;
let host: SshServer;
let web: WebServer;
let hub: Server;
let installation: Installation;
let services: Request;
let userJobs: Request;
const told: (string | undefined)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-jobs-'));
  slurm = await startSlurm();
  host = await startSshServer({ address: POD_REACHABLE, environment: slurm.environment });
  web = await startWebServer('hello from another system');
  hub = createServer(({ headers }, response) => {
    told.push(headers.authorization);
    response.end();
  }).listen(0, POD_REACHABLE);
  await once(hub, 'listening');
  const { address, port, user, secret } = host;
  const reach = { nodes: ['localhost', slurm.node], ports: ['1024-65535'] };
  const jobs = { fields: {}, defaults: { chdir: folder, ntasks: 1 }, poll_seconds: 0.5 };
  const restart_url = `http://${POD_REACHABLE}:${(hub.address() as AddressInfo).port}/`;
  installation = await install({
    config: {
      userjobs: { hosts: { system: { address, port, user, ...reach, slurm: jobs } } },
      tunnel: [{ hostname: 'system', restart_url }],
    },
    secrets: { 'hub-functions-ssh': secret, 'hub-functions-tunnels': { TUNNEL_BASIC: AUTHORIZATION } },
    schedule: EVERY_FEW_SECONDS,
  });
  services = pastIngress(await installation.request('services'));
  userJobs = pastIngress(await installation.request('userjobs'));
  const started = await as(services, 'POST', '/api/services/', {
    json: startBody({ service: 'hello' }),
    headers: { uuidcode: 'lab1' },
  });
  if (started.status !== 201) throw new Error(`the service was not started: ${started.text}`);
});

afterAll(async () => {
  await installation?.close();
  hub?.close();
  web?.close();
  await host?.close();
  await slurm?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function as(request: Request, method: string, path: string, sent: Sent = {}): Promise<Answer> {
  return request(method, path, { ...sent, headers: { authorization: basic(HUB), ...sent.headers } });
}

async function untilOpen(service: string): Promise<Status> {
  return eventually(async () => {
    const { body, text } = await as(userJobs, 'GET', `/api/userjobs/${service}/status/`);
    if ((body as Status).phase === 'open') return body as Status;
    throw new Error(`user job ${service} is not open: ${text}`);
  }, 90);
}

it('a deployment tells connected hubs once to open their tunnels anew', async () => {
  await eventually(async () => (told.length > 0 ? true : undefined), 60);
  expect(told).toEqual([AUTHORIZATION]);
});

it('a pod reaches another system through the Service', async () => {
  const json = { service: 'lab1', hostname: 'system', target_node: 'localhost', ports: { '8080': web.port } };

  expect(await as(userJobs, 'POST', '/api/userjobs/', { json })).toMatchObject({ status: 201 });

  await untilOpen('lab1');
  // Nodes hear of a Service's endpoints a moment after they are ready.
  await eventually(async () => {
    const said = await visitFromPod(installation.kube, installation.namespace, 'lab1');
    if (said !== 'hello from another system') throw new Error(said);
    return true;
  }, 60);
});

it('a Slurm job is submitted, reached from a pod, and cancelled', async () => {
  const port = await freePort();
  const serve = `require("http").createServer((_, r) => r.end("hello from a job")).listen(${port}, "127.0.0.1")`;
  const job = { command: `exec '${process.execPath}' -e '${serve}'` };
  const json = { service: 'lab1-slurm', hostname: 'system', ports: { '8080': port }, job };

  expect(await as(userJobs, 'POST', '/api/userjobs/', { json })).toMatchObject({ status: 201 });

  expect((await untilOpen('lab1-slurm')).job).toMatchObject({ state: 'RUNNING', node: slurm.node });
  // It may run before it listens.
  await eventually(async () => {
    const text = await visitFromPod(installation.kube, installation.namespace, 'lab1-slurm');
    if (text !== 'hello from a job') throw new Error(text);
    return true;
  }, 60);
  expect((await as(userJobs, 'DELETE', '/api/userjobs/lab1-slurm/')).status).toBe(204);
  await eventually(async () => {
    expect((await slurm.jobs()).map(({ state }) => state)).toEqual(['CANCELLED']);
    return true;
  });
});

it('a tunnel goes with its service', async () => {
  const before = await installation.kube.everything('hub-functions/anchor');
  expect(before.some((name) => name.startsWith('ConfigMap/userjob-'))).toBe(true);

  await as(services, 'DELETE', '/api/services/lab1/');

  await eventually(async () => {
    const left = await installation.kube.everything('hub-functions/anchor');
    if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
    return true;
  }, 60);
});
