// `npm run bench`: measures side by side and prints a ratio for each; only what could not be measured is a failure.
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { imageCommand } from '../dev/images/command';
import { archive } from './archive/archive';
import { archiveSweep } from './archive/archiveSweep';
import { coldStart } from './coldStart';
import { eventToHub } from './eventToHub';
import { openBed, type Bed } from './instruments/bed';
import { beEmbedded, EMBEDDED } from './instruments/embedded';
import type { Finding, Measurement } from './instruments/measurement';
import { toNotes, toTable } from './instruments/report';
import { podToHub } from './knative/podToHub';
import { scaleFromZero } from './knative/scaleFromZero';
import { drain } from './jobs/drain';
import { jobBurst } from './jobs/jobBurst';
import { jobFollow } from './jobs/jobFollow';
import { jobLog } from './jobs/jobLog';
import { jobSet } from './jobs/jobSet';
import { jobSubmit } from './jobs/jobSubmit';
import { reap } from './jobs/reap';
import { list } from './list';
import { logging } from './logging';
import { login } from './login';
import { memory } from './memory';
import { poll } from './poll';
import { burst, six, start } from './start';
import { stop } from './stop';
import { tunnel } from './tunnel';
import { watchedMemory } from './watchedMemory';
import { watchedPoll } from './watchedPoll';

const MEASUREMENTS: readonly Measurement[] = [
  start,
  six,
  burst,
  stop,
  poll,
  watchedPoll,
  list,
  login,
  logging,
  coldStart,
  memory,
  eventToHub,
  watchedMemory,
  jobSubmit,
  jobBurst,
  drain,
  jobFollow,
  jobLog,
  jobSet,
  reap,
  archiveSweep,
  tunnel,
  archive,
  podToHub,
  scaleFromZero,
];

const USAGE = `usage: npm run bench -- [options] [measurement...]

      --list           name the measurements and end
      --json           findings as JSON
      --kubeconfig     on the cluster of KUBECONFIG instead of the embedded one, in a namespace that is deleted afterwards
      --share N        only this share of what jobFollow, jobLog, reap, archive and archiveSweep are defined for, to try them (default 1)
      --node-option O  start our function with this option of node; may be repeated (default: those of its image)
      --bundle FILE    measure this build of the services function (default dist/functions/services/index.js)
  -h, --help
`;

const EMBEDDED_NOTE = `embedded cluster: it serves one request at a time and writes to no disk, so what is created side by side gains
nothing here, and every millisecond of the function shows; what a start costs beside a real API server is told by --kubeconfig
`;

interface Options {
  readonly json: boolean;
  readonly isReal: boolean;
  readonly share: number;
  readonly bundle: string;
  readonly nodeOptions: readonly string[];
  readonly chosen: readonly Measurement[];
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === EMBEDDED) return beEmbedded(args[1] ?? '');
  const options = parseOptions(args);
  if (typeof options === 'string') return void process.stdout.write(options);
  const { findings, failures } = await measureAll(options);
  if (options.json) console.log(JSON.stringify({ findings, failures }, undefined, 2));
  else console.log(`\n${toTable(findings)}\n\n${toNotes(findings)}\n${options.isReal ? '' : EMBEDDED_NOTE}`);
  for (const failure of failures) console.error(`not measured: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

/** A text is what to print instead of measuring. */
function parseOptions(args: readonly string[]): Options | string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      kubeconfig: { type: 'boolean', default: false },
      share: { type: 'string', default: '1' },
      'node-option': { type: 'string', multiple: true, default: [...imageCommand().nodeOptions] },
      bundle: { type: 'string', default: 'dist/functions/services/index.js' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return USAGE;
  if (values.list) return MEASUREMENTS.map(({ name, summary }) => `${name.padEnd(12)}${summary}\n`).join('');
  const { json, kubeconfig: isReal, bundle, 'node-option': nodeOptions } = values;
  const chosen =
    positionals.length > 0
      ? positionals.map(byName)
      : MEASUREMENTS.filter(
          (each) =>
            !(isReal && each.isLocal) && !each.needsKnative && !each.needsSsh && !each.needsRestic && !each.needsRedis,
        );
  return { json, isReal, share: Number(values.share), bundle: resolve(bundle), nodeOptions, chosen };
}

function byName(name: string): Measurement {
  const found = MEASUREMENTS.find((measurement) => measurement.name === name);
  if (found === undefined) throw new Error(`there is no measurement ${name}; --list names them`);
  return found;
}

interface Outcome {
  readonly findings: readonly Finding[];
  readonly failures: readonly string[];
}

async function measureAll({ chosen, ...options }: Options): Promise<Outcome> {
  const bed = await openBed({ ...options, program: __filename });
  const interrupt = (): void => void bed.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    console.error(`${bed.api.title}; node ${process.version}, ${cpus().length} cpus, load ${loadavg()[0]?.toFixed(1)}`);
    return await measureEach(bed, chosen);
  } finally {
    await bed.close();
  }
}

async function measureEach(bed: Bed, chosen: readonly Measurement[]): Promise<Outcome> {
  const findings: Finding[] = [];
  const failures: string[] = [];
  for (const { name, measure } of chosen) {
    const from = performance.now();
    try {
      findings.push(...(await measure(bed)));
      console.error(`${name} measured in ${((performance.now() - from) / 1000).toFixed(0)} s`);
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { findings, failures };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
