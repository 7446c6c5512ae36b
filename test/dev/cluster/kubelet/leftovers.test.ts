import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOrphans, rememberProcess } from '../../../../dev/cluster/kubelet/processRecord';
import { isAlive, node, startMachine } from './machine';

/** Starts a child that does not end on SIGTERM, and prints both process ids. */
const FAMILY = `
  const { spawn } = require('child_process');
  process.on('SIGTERM', () => {});
  const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', () => console.log(JSON.stringify([process.pid, child.pid])));
  setInterval(() => {}, 1000);
`;

const allGone = (pids: readonly number[]): boolean => !pids.some(isAlive);

test('when the kubelet stops, no process of a pod is left, nor any of their children', async () => {
  const machine = startMachine();
  machine.run({ containers: [node(FAMILY)] });
  const output = await machine.until(() => machine.pod()?.status?.phase === 'Running');
  expect(output).toBe(true);
  let pids: number[] = [];
  while (pids.length === 0) pids = JSON.parse((await machine.logs()) || '[]') as number[];
  expect(pids.every(isAlive)).toBe(true);
  await machine.stop();
  // A killed child is listed until init has taken note of it.
  await machine.until(() => allGone(pids));
});

test('when a main process ends, its children end with it', async () => {
  const machine = startMachine();
  machine.run({
    containers: [node(`${FAMILY}; child.stdout.once('data', () => setTimeout(() => process.exit(0), 10))`)],
  });
  await machine.until(() => machine.pod()?.status?.phase === 'Succeeded');
  const pids = JSON.parse(await machine.logs()) as number[];
  await machine.until(() => allGone(pids));
  expect(readdirSync(join(machine.stateDir, 'processes'))).toEqual([]);
  await machine.stop();
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a process that left its group is ended with its pod', async () => {
  const machine = startMachine();
  const daemon = `const child = require('child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    console.log(child.pid); child.unref();`;
  machine.run({ containers: [node(daemon)] });
  await machine.until(() => machine.pod()?.status?.phase === 'Succeeded');
  const pid = Number(await machine.logs());
  await machine.until(() => allGone([pid]));
  await machine.stop();
});

describe('what a crashed run left behind', () => {
  let stateDir: string;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'orphans-'));
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  test('is ended by the next one', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    rememberProcess(stateDir, child.pid!);
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const machine = startMachine(stateDir);
    expect(await ended).toBe('SIGKILL');
    await machine.stop();
  });

  test('is not confused with another process that has got the same id', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    mkdirSync(join(stateDir, 'processes'));
    writeFileSync(join(stateDir, 'processes', '1.json'), JSON.stringify({ pid: child.pid, startTime: 'long ago' }));
    writeFileSync(join(stateDir, 'processes', '2.json'), '{"pid":');
    expect(endOrphans(stateDir)).toBe(0);
    expect(isAlive(child.pid!)).toBe(true);
    expect(existsSync(join(stateDir, 'processes'))).toBe(false);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });
});
