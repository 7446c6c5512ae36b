import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** As `npm start` runs it: what the build made, in the user's folder. */
const program = join(__dirname, '../../dist/dev/start.js');
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'start-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function start(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder });
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { output, errors, code };
}

test('the demo starts, polls, opens and stops a service, runs a job, and leaves no process', async () => {
  const { output, errors, code } = await start('--demo', '--port', '0', '--time-limit', '25');
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  expect(output.match(/✓ \w+ \w+/g)).toEqual([
    '✓ start the',
    '✓ start the',
    '✓ poll it',
    '✓ open its',
    '✓ stop it',
    '✓ poll it',
    '✓ submit a',
    '✓ follow its',
  ]);
  expect(output).toContain('    Hello, I am hello\n');
  expect(output).toContain('    line 1\n    line 2\n    line 3\n');
  for (const remembered of ['.hub-functions/processes', '.hub-functions/cluster/processes']) {
    const path = join(folder, remembered);
    expect(existsSync(path) ? readdirSync(path) : []).toEqual([]);
  }
});

test('a taken port is told in one line with the way out', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const { errors, code } = await start('--port', String(port));
  other.close();
  expect(code).toBe(1);
  expect(errors).toBe(
    `npm start: port ${port} of 127.0.0.1 is taken: end what uses it, or choose another with npm start -- --port ${port + 1}\n`,
  );
});

test('a wrong option is explained, and --help shows them all', async () => {
  expect(await start('--port', 'http')).toMatchObject({ code: 1, errors: expect.stringContaining('--port takes') });
  expect(await start('--help')).toMatchObject({ code: 0, output: expect.stringContaining('--demo') });
});
