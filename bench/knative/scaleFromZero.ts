// A request to its answer when no instance is there: our `services`, against bare node:http that is deployed the same way.
import { token } from '../../test/support/credentialFiles';
import type { Sent } from '../../test/support/httpClient';
import { install, type Installation } from '../../test/support/knative/installation';
import { HUB } from '../../test/support/knative/overlay';
import { untilNone } from '../../test/support/knative/pods';
import type { KnativeService } from '../../test/support/knative/service';
import { interleave, timed, type Side } from '../instruments/interleave';
import type { Measurement } from '../instruments/measurement';
import { compared } from '../instruments/statistics';

const AT_MOST = 1.15;
const PACE = { rounds: 4, turns: 2, warmUp: 1, seconds: 600 };
const IDLE_SECONDS = 150;
/** A pod takes half a minute to end, and would answer until then. */
const COPIES = 4;
const SERVER = `require('node:http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));`;

interface Contender {
  readonly name: string;
  /** Of the container; the image of ours stands on the same Node as that of the floor. */
  readonly program: object;
  readonly path: string;
  readonly headers: NonNullable<Sent['headers']>;
}

const OURS: Contender = { name: 'ours', program: {}, path: '/api/services/', headers: { authorization: token(HUB) } };
const BARE: Contender = {
  name: 'bare',
  program: { image: 'dev.local/node:1', command: ['node', '--use-openssl-ca', '-e', SERVER] },
  path: '/',
  headers: {},
};

export const scaleFromZero: Measurement = {
  name: 'scaleFromZero',
  summary: 'request to answer from zero instances on Knative, against bare node:http on the same Node',
  needsKnative: true,
  measure: async () => {
    const installation = await install();
    try {
      // Starts of `status` would be measured with those of others.
      await installation.kubectl(['delete', 'apiserversource', '--all']);
      const ours = await fromZero(installation, OURS);
      const bare = await fromZero(installation, BARE);
      const samples = await interleave({ ours, bare }, PACE);
      return [
        {
          name: 'from-zero',
          ...compared(samples.ours, samples.bare, 'ms'),
          limit: { of: 'ratio', atMost: AT_MOST },
          note: `200 of an authenticated GET /api/services/ with its LIST through Knative's ingress; floor node:http, same
probes, volumes and scale`,
        },
      ];
    } finally {
      await installation.close();
    }
  },
};

/** Copies of the deployed Service with a program of this side; each sleeps until it is its turn, and again afterwards. */
async function fromZero(installation: Installation, { name, program, path, headers }: Contender): Promise<Side> {
  const text = await installation.kubectl(['get', 'ksvc', 'hub-functions-services', '--output', 'json']);
  const service = JSON.parse(text) as KnativeService;
  const names = Array.from({ length: COPIES }, (_, index) => `${name}-${index}`);
  const copies = names.map((copy) => copyOf(service, `hub-functions-${copy}`, program));
  const list = { apiVersion: 'v1', kind: 'List', items: copies };
  await installation.kubectl(['apply', '--filename', '-'], JSON.stringify(list));
  const requests = await Promise.all(names.map(async (copy) => installation.request(copy)));
  let turn = -1;
  return async () => {
    turn = (turn + 1) % COPIES;
    await untilNone(installation, names[turn] ?? '', IDLE_SECONDS);
    return timed(async () => {
      const answer = await requests[turn]?.('GET', path, { headers });
      if (answer?.status !== 200) throw new Error(`${name} was answered ${answer?.status}: ${answer?.text}`);
    });
  };
}

function copyOf({ metadata, spec }: KnativeService, name: string, program: object): object {
  const { template } = spec;
  const [container] = template.spec.containers;
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name, labels: metadata.labels },
    spec: { template: { ...template, spec: { ...template.spec, containers: [{ ...container, ...program }] } } },
  };
}
