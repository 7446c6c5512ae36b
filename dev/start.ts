// `npm start`: the functions with everything they need, on this machine and for this machine only.
import { join, resolve } from 'node:path';
import { parseOptions, usage, type Options } from './platform/options';
import { runSession } from './session';

/** Longer than anything that is asked to end may take. */
const lastResortMs = 5_000;

function endOnSignals(): AbortSignal {
  const ending = new AbortController();
  const end = (): void => {
    if (ending.signal.aborted) return;
    ending.abort(new Error('interrupted'));
    setTimeout(() => process.exit(1), lastResortMs).unref();
  };
  process.on('SIGINT', end).on('SIGTERM', end).on('SIGHUP', end);
  return ending.signal;
}

/** Pods and functions get these and nothing else of the user's environment. */
function inheritedEnvironment(): Readonly<Record<string, string>> {
  const names = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function explain(error: unknown, { port }: Pick<Options, 'port'>): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `port ${port} of 127.0.0.1 is taken: end what uses it, or choose another with npm start -- --port ${port + 1}`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(usage);
  const environment = inheritedEnvironment();
  const kubeconfig = process.env['KUBECONFIG'];
  try {
    await runSession(options, {
      root: join(__dirname, '../..'),
      stateFolder: resolve('.hub-functions'),
      podEnvironment: environment,
      functionEnvironment: { ...environment, ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }) },
      signal: endOnSignals(),
      write: (text) => void process.stdout.write(text),
      isTerminal: process.stdout.isTTY,
    });
  } catch (error) {
    throw new Error(explain(error, options), { cause: error });
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`npm start: ${explain(error, { port: 0 })}\n`);
    process.exit(1);
  },
);
