// A request to its answer when no instance is there: our `services`, against bare node:http that is deployed the same way.
import { token } from '../../test/support/credentialFiles';
import { eventually } from '../../test/support/eventually';
import type { Sent } from '../../test/support/httpClient';
import { install, type Installation } from '../../test/support/knative/installation';
import { HUB, ONCE_A_YEAR } from '../../test/support/knative/overlay';
import { livingPods } from '../../test/support/knative/pods';
import type { KnativeService } from '../../test/support/knative/service';
import { interleave, timed, type Side } from '../instruments/interleave';
import type { Measurement } from '../instruments/measurement';
import { toFigure, toRatio } from '../instruments/statistics';

const AT_MOST = 1.15;
const PACE = { rounds: 4, turns: 2, warmUp: 1, seconds: 600 };
const IDLE_SECONDS = 120;
const BARE = "require('node:http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT)";
/** What ours stands on. */
const NODE_IMAGE = 'dev.local/node:1';

export const scaleFromZero: Measurement = {
  name: 'scaleFromZero',
  summary: 'request to answer from zero instances on Knative, against bare node:http on the same Node',
  needsKnative: true,
  measure: async () => {
    const installation = await install({ schedule: ONCE_A_YEAR });
    try {
      // Starts of `status` would be measured with those of others.
      await installation.kubectl(['delete', 'apiserversource', '--all']);
      await deployBare(installation);
      const ours = await fromZero(installation, 'services', ['/api/services/', { authorization: token(HUB) }]);
      const bare = await fromZero(installation, 'bare', ['/', {}]);
      const samples = await interleave({ ours, bare }, PACE);
      return [
        {
          name: 'from-zero',
          ours: toFigure(samples.ours.flat(), 'ms'),
          floor: toFigure(samples.bare.flat(), 'ms'),
          ratio: toRatio(samples.ours, samples.bare),
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

/** The Service of ours with another program in it. */
async function deployBare({ kubectl }: Installation): Promise<void> {
  const text = await kubectl(['get', 'ksvc', 'hub-functions-services', '--output', 'json']);
  const { metadata, spec } = JSON.parse(text) as KnativeService;
  const { template } = spec;
  const [container] = template.spec.containers;
  const program = { image: NODE_IMAGE, command: ['node', '--use-openssl-ca', '-e', BARE] };
  const bare = {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'hub-functions-bare', labels: metadata.labels },
    spec: { template: { ...template, spec: { ...template.spec, containers: [{ ...container, ...program }] } } },
  };
  await kubectl(['apply', '--filename', '-'], JSON.stringify(bare));
  await kubectl(['wait', '--for=condition=Ready', 'ksvc/hub-functions-bare', '--timeout=60s']);
}

type Asked = readonly [path: string, headers: NonNullable<Sent['headers']>];

/** Waits until nobody is left who would answer at once. */
async function fromZero(installation: Installation, name: string, [path, headers]: Asked): Promise<Side> {
  const request = await installation.request(name);
  return async () => {
    await eventually(
      async () => ((await livingPods(installation, name)).length === 0 ? true : undefined),
      IDLE_SECONDS,
    );
    return timed(async () => {
      const { status, text } = await request('GET', path, { headers });
      if (status !== 200) throw new Error(`${name} was answered ${status}: ${text}`);
    });
  };
}
