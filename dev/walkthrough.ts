// The calls that show what services and jobs are; printed to be pasted, or made by the demo.

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  /** `name:password`, as curl's -u takes it. */
  readonly login?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Walkthrough {
  readonly start: Call;
  readonly poll: Call;
  readonly page: Call;
  /** Name of the Service behind the page. */
  readonly pageService: string;
  readonly stop: Call;
  readonly submit: Call;
  /** Follows the log of that job to its end. */
  readonly log: Call;
}

export interface WalkthroughOptions {
  /** `http://127.0.0.1:8080` */
  readonly base: string;
  readonly password: string;
  readonly namespace: string;
  readonly startId: string;
}

export const credential = 'jupyterhub';
const servername = 'hello';
const jobCommand = 'for i in 1 2 3; do echo line $i; sleep 0.3; done';

export function createWalkthrough({ base, password, namespace, startId }: WalkthroughOptions): Walkthrough {
  const login = `${credential}:${password}`;
  const service = `${base}/api/services/${servername}/`;
  const pageService = `svc-${servername}-${startId}`;
  const job = `hello-${startId}`;
  const body = {
    env: { JUPYTERHUB_STATUS_URL: '', JUPYTERHUB_API_TOKEN: 'none', JUPYTERHUB_USER_ID: 1 },
    user_options: { service: 'hello' },
    start_id: startId,
  };
  return {
    start: {
      method: 'POST',
      url: `${base}/api/services/`,
      login,
      headers: { uuidcode: servername, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
    poll: { method: 'GET', url: service, login, headers: {} },
    page: { method: 'GET', url: `${base}/services/${namespace}/${pageService}/`, headers: {} },
    pageService,
    stop: { method: 'DELETE', url: service, login, headers: {} },
    submit: {
      method: 'POST',
      url: `${base}/jobs`,
      login,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: job, cmd: jobCommand }),
    },
    log: { method: 'GET', url: `${base}/jobs/${job}/logs?follow=true`, login, headers: {} },
  };
}

/** One line for any POSIX shell. */
export function toCurl({ method, url, login, headers, body }: Call): string {
  const words = [
    'curl -sS',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...(login === undefined ? [] : [`-u ${quote(login)}`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quote(body)}`]),
    quoteUrl(url),
  ];
  return words.join(' ');
}

/** Only where a shell would read it: a plain one is easier to read. */
function quoteUrl(url: string): string {
  return /^[\w:/.-]+$/.test(url) ? url : quote(url);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
