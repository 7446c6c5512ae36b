// Debian's rsyslogd with a configuration of our own, on free ports of this machine; it must be installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { freePort } from './freePort';

export interface SyslogMessage {
  readonly hostname: string;
  readonly app: string;
  readonly pid: string;
  readonly severity: string;
  /** Of the protocol: 1 is RFC 5424. */
  readonly version: string;
  readonly text: string;
}

export interface Rsyslog {
  readonly port: number;
  readonly messages: () => readonly SyslogMessage[];
  readonly stop: () => Promise<void>;
}

const FIELDS = ['hostname', 'app-name', 'procid', 'syslogseverity-text', 'protocol-version'];

export async function startRsyslog(folder: string, port?: number): Promise<Rsyslog> {
  const own = port ?? (await freePort());
  const [file, config] = [join(folder, 'messages'), join(folder, 'rsyslog.conf')];
  writeFileSync(file, '');
  writeFileSync(config, configuration(folder, own, file));
  // By its own path: /usr/sbin is in no user's PATH.
  const child = spawn('/usr/sbin/rsyslogd', ['-n', '-f', config, '-i', join(folder, 'pid')], { stdio: 'pipe' });
  let told = '';
  child.stderr.on('data', (chunk) => (told += String(chunk)));
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  await Promise.race([untilListening(own, () => told), failed]);
  return {
    port: own,
    messages: () => readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parse),
    stop: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function configuration(folder: string, port: number, file: string): string {
  const fields = [...FIELDS.map((name) => `%${name}%`), '%msg%'].join('|');
  return `
global(workDirectory="${folder}" parser.escapeControlCharactersOnReceive="on")
module(load="imtcp")
module(load="imudp")
input(type="imtcp" port="${port}" address="127.0.0.1")
input(type="imudp" port="${port}" address="127.0.0.1")
template(name="fields" type="string" string="${fields}\\n")
action(type="omfile" file="${file}" template="fields")
`;
}

function parse(line: string): SyslogMessage {
  const [hostname = '', app = '', pid = '', severity = '', version = '', ...text] = line.split('|');
  return { hostname, app, pid, severity, version, text: text.join('|') };
}

async function untilListening(port: number, told: () => string): Promise<void> {
  await eventually(async () => {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch (error) {
      throw new Error(`rsyslogd does not listen: ${told()}`, { cause: error });
    } finally {
      socket.destroy();
    }
  }, 10);
}
