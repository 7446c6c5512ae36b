// Process start to the first 200, with and without the compiled code of an image, against bare node:http and against faas-js-runtime with the whole Kubernetes client.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { READINESS, type Bed } from './instruments/bed';
import { inImage } from './instruments/image';
import { interleave, type Side } from './instruments/interleave';
import type { Finding, Measurement } from './instruments/measurement';
import { compared, type Rounds } from './instruments/statistics';
import type { Program } from './instruments/server';

const OVER_BARE = 3.5;
const COMPILED_OVER_BARE = 2.5;
const OF_PEER = 0.25;

const PACE = { rounds: 5, turns: 4, seconds: 75 };

export const coldStart: Measurement = {
  name: 'coldStart',
  summary: 'process start to first 200, against bare node:http and faas-js-runtime with client-node, not bundled',
  isLocal: true,
  measure: async (bed) => {
    const samples = await interleave(sides(bed), PACE);
    const { ready, listed, bare, peerReady, peerListed } = samples;
    const answers = 'first 200 of /health/readiness';
    const lists = 'first 200 of an authenticated GET /api/services/, Token, with its LIST over a new TLS connection';
    return [
      compare({ name: 'cold-ready', ours: ready, floor: bare, atMost: OVER_BARE, note: `${answers}; floor node:http` }),
      compare({ name: 'cold-list', ours: listed, floor: bare, atMost: OVER_BARE, note: `${lists}; floor node:http` }),
      ...(await compiledStarts(bed, lists)),
      compare({
        name: 'cold-ready-peer',
        ours: ready,
        floor: peerReady,
        atMost: OF_PEER,
        note: `${answers}; peer faas-js-runtime, client-node loaded, answers at once`,
      }),
      compare({
        name: 'cold-list-peer',
        ours: listed,
        floor: peerListed,
        atMost: OF_PEER,
        note: `${lists}; peer faas-js-runtime, lists ConfigMaps through client-node`,
      }),
    ];
  },
};

/** Every function as its image starts it; `npm run bench` has made what is in them. */
async function compiledStarts(bed: Bed, lists: string): Promise<readonly Finding[]> {
  const names = readdirSync('dist/functions');
  const ready = names.map((name) => [`cold-image-${name}`, until(bed, { args: inImage(name), path: READINESS })]);
  const headers = { authorization: bed.logins.token };
  const listed = until(bed, { args: inImage('services'), path: '/api/services/', headers });
  const all: Readonly<Record<string, Side>> = { ...Object.fromEntries(ready), 'cold-image-list': listed };
  const { bare = [], ...ours } = await interleave<string>({ ...all, bare: bareSide(bed) }, PACE);
  return Object.entries(ours).map(([name, samples]) => {
    const what = name === 'cold-image-list' ? lists : `first 200 of ${READINESS}`;
    const note = `${what}, with the compiled code of the image; floor node:http`;
    return compare({ name, ours: samples, floor: bare, atMost: COMPILED_OVER_BARE, note });
  });
}

/** Starts a process, waits for its answer and ends it. */
function until(bed: Bed, program: Partial<Program> & Pick<Program, 'path'>): Side {
  return async () => {
    const { firstAnswerMs, stop } = await bed.launch(program);
    await stop();
    return firstAnswerMs;
  };
}

function bareSide(bed: Bed): Side {
  return until(bed, { path: '/', args: [resolve('bench/coldStart/bareHttp.mjs')] });
}

function sides(bed: Bed): Readonly<Record<'ready' | 'listed' | 'bare' | 'peerReady' | 'peerListed', Side>> {
  const headers = { authorization: bed.logins.token };
  const peer = { args: [resolve('bench/coldStart/faasRuntime.mjs')] };
  return {
    ready: until(bed, { path: READINESS }),
    bare: bareSide(bed),
    listed: until(bed, { path: '/api/services/', headers }),
    peerReady: until(bed, { ...peer, path: '/' }),
    peerListed: until(bed, { ...peer, path: '/?list' }),
  };
}

interface Comparison {
  readonly name: string;
  readonly ours: Rounds;
  readonly floor: Rounds;
  readonly atMost: number;
  readonly note: string;
}

function compare({ name, ours, floor, atMost, note }: Comparison): Finding {
  return {
    name,
    ...compared(ours, floor, 'ms'),
    limit: { of: 'ratio', atMost },
    note,
  };
}
