// The options of `npm start`.
import { parseArgs } from 'node:util';
import { AppError } from '../../lib/errors';

export const usage = `usage: npm start -- [options]

Runs the functions on this machine, on an embedded cluster: a small Kubernetes that runs pods as local processes.
It needs nothing but Node.js, listens on 127.0.0.1 only, and is for trying, never for serving others.

      --demo           start a service, poll it, open its page, stop it, and end
      --port PORT      of the gateway (default 8080; 0 takes any free one)
      --idle SECONDS   after which an unused function is stopped (default 60)
      --verbose        show the output of the functions here instead of writing it to .hub-functions/log
      --keep           keep what an earlier run left in .hub-functions: password, certificates, volumes, logs
      --context NAME   use a real cluster, by its context in your kubeconfig
      --time-limit S   after which the demo gives up (default 120)
  -h, --help
`;

export interface Options {
  readonly help: boolean;
  readonly demo: boolean;
  readonly port: number;
  readonly idleSeconds: number;
  readonly verbose: boolean;
  readonly keep: boolean;
  readonly context: string | undefined;
  readonly timeLimitSeconds: number;
}

export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      demo: { type: 'boolean', default: false },
      port: { type: 'string', default: '8080' },
      idle: { type: 'string', default: '60' },
      verbose: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      context: { type: 'string' },
      'time-limit': { type: 'string', default: '120' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { demo, verbose, keep, help, context } = values;
  return {
    demo,
    verbose,
    keep,
    help,
    context,
    port: toNumber('--port', values.port, { from: 0, to: 65_535 }),
    idleSeconds: toNumber('--idle', values.idle, { from: 1, to: 86_400 }),
    timeLimitSeconds: toNumber('--time-limit', values['time-limit'], { from: 1, to: 3_600 }),
  };
}

function toNumber(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw new AppError('usage', 400, `${option} takes a whole number from ${from} to ${to}, not ${text}`);
}
