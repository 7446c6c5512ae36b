// The hubfn command line as people run it: the built program in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { stringify } from 'yaml';
import type { World } from './world';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface CommandLine {
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Interrupts it as Ctrl-C does. */
  readonly interrupted?: Promise<unknown>;
}

const PROGRAM = resolve(process.env['DIST_DIR'] ?? 'dist', 'bin', 'hubfn.js');

export async function hubfn(
  args: readonly string[],
  { environment, input = '', interrupted }: CommandLine,
): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM, ...args], { env });
  child.stdin.end(input);
  void interrupted?.then(() => child.kill('SIGINT'));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, output, errors };
}

/** What somebody sees who runs it on a terminal; `script` of util-linux is the terminal. */
export async function onTerminal(
  args: readonly string[],
  { environment }: Pick<CommandLine, 'environment'>,
): Promise<{ readonly code: number | null; readonly drawn: string }> {
  const words = [process.execPath, PROGRAM, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const line = `stty cols 60; exec ${words.join(' ')}`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], { env });
  child.stdin.end();
  const [drawn] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code: child.exitCode, drawn };
}

/** Of the world's cluster and namespace; written where the cluster is told in another way. */
export function kubeconfigOf({ cluster, workspace }: World): string {
  const { KUBECONFIG, KUBE_API_URL: server, KUBE_TOKEN_FILE: token = '', KUBE_CA_FILE: ca = '' } = cluster.environment;
  if (KUBECONFIG !== undefined) return KUBECONFIG;
  const file = join(workspace.root, 'kubeconfig');
  writeFileSync(
    file,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: named('context', { cluster: 'test', user: 'test', namespace: cluster.namespace }),
      clusters: named('cluster', { server, 'certificate-authority': ca }),
      users: named('user', { token: readFileSync(token, 'utf8').trim() }),
    }),
    { mode: 0o600 },
  );
  return file;
}

function named(key: string, value: object): readonly object[] {
  return [{ name: 'test', [key]: value }];
}
