// Everything about one attempt of a container before its process starts: words, environment, folders, user.
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Values } from '../controllers/wire';
import { containerCommand, resolveCommand, type Command } from './command';
import { resolveEnvironment, type Container } from './environment';
import { podMark } from './escaped';
import { containerMounts, machineHints, terminationLog, type Folders } from './mounts';
import { latestPod, type PodContext } from './podContext';
import { createRewrite, type Ports, type Rewrite } from './rewriting';
import type { ProcessSpec } from './runningProcess';
import { serviceVariables } from './serviceAddress';

export interface Launch extends Command {
  readonly env: Values;
  readonly cwd: string;
  readonly user: ProcessSpec['user'];
  /** File with its last words. */
  readonly terminationLog: string;
  /** Another command inside the same container: a probe. */
  readonly resolve: (words: readonly string[]) => Command;
}

const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** Throws a container fault. */
export function prepareLaunch(context: PodContext, container: Container, folders: Folders): Launch {
  const { client, options, ports } = context;
  const pod = latestPod(context);
  const services = pod.spec.enableServiceLinks === false ? {} : serviceVariables(client, pod.metadata.namespace);
  const values = resolveEnvironment(container, { client, pod, services });
  const lastWords = terminationLog(container, context.folder);
  makeEmpty(lastWords.folder);
  const rewrite = createRewrite([...containerMounts(container, folders, values), lastWords], ports);
  const own = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rewrite(value)]));
  const env = {
    ...pick(options.environment, PASSED_ON),
    ...defaultPort(ports),
    ...own,
    ...machineHints(pod, folders, ports),
    ...podMark(context.folder),
  };
  const cwd = workingFolder(context, container, rewrite);
  const words = { values, path: env['PATH'] ?? '', cwd, rewrite };
  return {
    ...containerCommand(container, words),
    env,
    cwd,
    user: userOf(context, container),
    terminationLog: lastWords.folder,
    resolve: (command) => resolveCommand(command, words),
  };
}

function makeEmpty(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  chmodSync(file, 0o666);
}

/** Many programs listen where PORT says. */
function defaultPort(ports: Ports): Values {
  const [first] = Object.values(ports);
  return first === undefined ? {} : { PORT: String(first) };
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}

/** A folder of this machine only where the container names one that is there; else one of its own. */
function workingFolder({ folder }: PodContext, { name, workingDir }: Container, rewrite: Rewrite): string {
  const wanted = workingDir === undefined ? undefined : rewrite(workingDir);
  if (wanted !== undefined && statSync(wanted, { throwIfNoEntry: false })?.isDirectory()) return wanted;
  const own = join(folder, 'work', name);
  mkdirSync(own, { recursive: true });
  chmodSync(own, 0o777);
  return own;
}

/** Only root can start processes of other users, and those must be able to reach the pod's folders. */
function userOf({ folder, pod }: PodContext, { securityContext }: Container): ProcessSpec['user'] {
  const { runAsUser: uid = 0, runAsGroup: gid = uid } = { ...pod.spec.securityContext, ...securityContext };
  const isPossible = process.getuid?.() === 0 && isReachable(folder);
  return isPossible && uid !== 0 ? { uid, gid } : undefined;
}

function isReachable(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0;
  return isOpen && (dirname(folder) === folder || isReachable(dirname(folder)));
}
