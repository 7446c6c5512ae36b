// The program of a tunnel's pod: keeps ssh connected, and tells its state as lines of its log.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, type Log } from '../../../lib/log';
import { run } from '../../../lib/run';
import { SOCKET_FOLDER, type UserJobRecord } from '../record';
import { keepTunnel } from './keepTunnel';
import { isSameState, STATE_MESSAGE, type TunnelState } from './state';

async function main(log: Log): Promise<void> {
  const { RECORD_FILE = '', SSH_DIRECTORY: sshFolder = '', TUNNEL_PORTS = '' } = process.env;
  const record = JSON.parse(readFileSync(RECORD_FILE, 'utf8')) as UserJobRecord;
  const listen = TUNNEL_PORTS.split(',').map(Number);
  // Where pods are processes of a machine it is not there; a folder of theirs would have too long a name for a socket.
  const socketFolder = existsSync(SOCKET_FOLDER) ? SOCKET_FOLDER : tmpdir();
  const socket = join(mkdtempSync(join(socketFolder, 'tunnel-')), 's');
  const ending = new AbortController();
  let state: TunnelState | undefined;
  const tell = (next: TunnelState): void => {
    if (!isSameState(state, next)) log.info(STATE_MESSAGE, { state: next });
    state = next;
  };
  // What it holds ends with it; the pod is kept until somebody removes it.
  process.on('SIGTERM', () => ending.abort()).on('SIGINT', () => ending.abort());
  ending.signal.addEventListener('abort', () => setImmediate(() => process.exit(0)));
  await keepTunnel({ record, listen, sshFolder, socket, tell, signal: ending.signal });
}

void run(main, createLog({ name: 'tunnel', level: 'info' }));
