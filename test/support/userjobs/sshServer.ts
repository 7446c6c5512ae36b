// A real sshd with a host key and an authorized key of its own, in a folder of its own; ended, with all its sessions, by pid.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { descendantsOf, endNow } from '../processTree';
import { freePort } from './freePort';

export interface SshServer {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** What goes into the Secret. */
  readonly secret: { readonly id_ed25519: string; readonly known_hosts: string };
  /** Ends it with everybody who is connected; all in vain until `start`. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** From the next start on it shows another key. */
  readonly changeHostKey: () => void;
  readonly close: () => Promise<void>;
}

const SSHD = '/usr/sbin/sshd';

export interface SshServerOptions {
  /** To listen on. */
  readonly address: string;
  /** For every session. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startSshServer({ address, environment = {} }: SshServerOptions): Promise<SshServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-sshd-'));
  const port = await freePort(address);
  makeKey(join(folder, 'client'));
  makeKey(join(folder, 'host'));
  // Where it separates its privileges; Debian's service makes it at boot.
  mkdirSync('/run/sshd', { recursive: true });
  writeFileSync(join(folder, 'sshd_config'), settings(folder, { address, port, environment }));
  const knownHosts = `[${address}]:${port} ${readFileSync(join(folder, 'host.pub'), 'utf8')}`;
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn(SSHD, ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
    await eventually(async () => answers(address, port));
  };
  const kill = async (): Promise<void> => {
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    // Sessions leave the server's group.
    for (const pid of [server.pid, ...descendantsOf(server.pid)]) endNow(pid);
    await exited;
  };
  await start();
  return {
    address,
    port,
    user: userInfo().username,
    secret: { id_ed25519: readFileSync(join(folder, 'client'), 'utf8'), known_hosts: knownHosts },
    kill,
    start,
    changeHostKey: () => {
      rmSync(join(folder, 'host'));
      makeKey(join(folder, 'host'));
    },
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

function makeKey(file: string): void {
  // It asks before it takes the place of another one.
  for (const each of [file, `${file}.pub`]) rmSync(each, { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file], { stdio: 'ignore' });
}

interface Place extends Required<SshServerOptions> {
  readonly port: number;
}

function settings(folder: string, { address, port, environment }: Place): string {
  // A home of its own: what this machine's shells run at their start is not tested here, and may hang.
  const variables = Object.entries({ HOME: folder, ...environment }).map(([name, value]) => `${name}=${value}`);
  return [
    `Port ${port}`,
    `ListenAddress ${address}`,
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'client.pub')}`,
    'PidFile none',
    // The folder is in /tmp, where others may write.
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    `SetEnv ${variables.join(' ')}`,
    '',
  ].join('\n');
}

async function answers(host: string, port: number): Promise<true> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'data');
    return true;
  } finally {
    socket.destroy();
  }
}
