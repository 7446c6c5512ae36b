#!/usr/bin/env node
// The hubfn command line: the table of its commands, and the process it runs in.
import { text } from 'node:stream/consumers';
import { connect } from '../lib/kube/connect';
import { archiveCommands } from './archive/commands';
import { indexCharts } from './charts/indexCharts';
import type { Terminal } from './command';
import { addCredential } from './credentials/add';
import { listCredentials } from './credentials/list';
import { removeCredential } from './credentials/remove';
import { dispatch } from './dispatch';
import { doctor } from './doctor/doctor';
import { imagesCommands } from './images/commands';
import { jobsCommands } from './jobs/commands';
import { lint } from './lint';
import { clusterCommands } from './localClusters/commands';
import { restartTunnelsCommand } from './tunnels/restart';

const USUAL_COLUMNS = 80;

const commands = [
  addCredential,
  listCredentials,
  removeCredential,
  ...jobsCommands,
  ...archiveCommands,
  ...imagesCommands,
  indexCharts,
  lint,
  doctor,
  ...clusterCommands,
  restartTunnelsCommand,
];

const terminal: Terminal = {
  write: (output) => void process.stdout.write(output),
  writeError: (message) => void process.stderr.write(message),
  readInput: () => text(process.stdin),
  connect({ kubeconfig, context }) {
    // The client for kubeconfig files has no other way to be told.
    if (kubeconfig !== undefined) process.env.KUBECONFIG = kubeconfig;
    const { KUBERNETES_SERVICE_HOST: serviceHost, KUBERNETES_SERVICE_PORT: servicePort } = process.env;
    return connect({ context, ...(kubeconfig === undefined && { serviceHost, servicePort }) });
  },
  clock: () => new Date(),
  output: process.stdout,
  // A terminal that nobody has told its size says 0.
  ...(process.stdout.isTTY && { columns: process.stdout.columns || USUAL_COLUMNS }),
  environment: process.env,
};

/** What a shell tells of a program whose reader went away: `hubfn jobs logs ID | head`. */
const PIPE_CLOSED = 141;

async function main(): Promise<void> {
  process.stdout.on('error', () => process.exit(PIPE_CLOSED));
  process.exitCode = await dispatch(process.argv.slice(2), { commands, terminal });
}

void main();
