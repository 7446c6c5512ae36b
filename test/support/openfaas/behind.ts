// A function of OpenFaaS as if it were a process of its own: all requests go through the gateway.
import type { FunctionProcess } from '../functionProcess';
import { jobsOf, type Jobs } from '../jobs';
import type { OpenFaas } from './openfaas';

export function behind(openfaas: Pick<OpenFaas, 'url' | 'request'>, name: string): FunctionProcess {
  const prefix = `/function/${name}`;
  return {
    url: `${openfaas.url}${prefix}`,
    request: async (method, path, sent) => openfaas.request(method, `${prefix}${path}`, sent),
    output: () => '',
    stop: async () => undefined,
    kill: () => undefined,
  };
}

export function jobsBehind(openfaas: Pick<OpenFaas, 'url' | 'request'>): Omit<Jobs, 'world'> {
  return jobsOf(behind(openfaas, 'jobs'), 'jupyterhub');
}
