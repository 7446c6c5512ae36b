// serve: a download over HTTP for whoever has the token; what is not all of it can be told from what is.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get as open, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { createMoverWorld, type MoverWorld, type Running } from '../support/mover/mover';

const TOKEN = randomBytes(16).toString('hex');

let world: MoverWorld;
let running: Running | undefined;

beforeEach(async () => {
  world = createMoverWorld();
  writeFileSync(world.at('keys/token'), TOKEN);
  world.write('source/notes/ü & more?.txt', 'the notes');
  writeFileSync(world.at('source/large'), randomBytes(20_000_000));
  await world.run({ verb: 'backup' });
});
afterEach(async () => {
  running?.kill();
  await running?.told;
  running = undefined;
  world.remove();
});

async function serving(
  environment: Readonly<Record<string, string>> = {},
): Promise<(path: string, token?: string) => Promise<Response>> {
  const started = world.start({ verb: 'serve' }, environment);
  running = started;
  const port = await eventually(async () => /"listening":(\d+)/.exec(started.output())?.[1]);
  return async (path, token = TOKEN) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

const of = (path: string): string => `/download?path=${encodeURIComponent(path)}`;

it('a file comes as it is, with its length, and the mover ends', async () => {
  const get = await serving();
  expect((await get('/healthz', 'none')).status).toBe(200);
  const answer = await get(of('notes/ü & more?.txt'));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe('9');
  expect(await answer.text()).toBe('the notes');
  expect(await running?.told).toMatchObject({ code: 0, result: { outcome: 'done', bytes: 9 } });
});

it('a folder comes as a tar archive, the whole claim when no path is given', async () => {
  const get = await serving();
  const archive = world.at('archive.tar');
  writeFileSync(archive, Buffer.from(await (await get('/download')).arrayBuffer()));
  mkdirSync(world.at('unpacked'));
  execFileSync('tar', ['-xf', archive, '-C', world.at('unpacked')]);
  const unpacked = world.at('unpacked', world.at('source'));
  expect(readFileSync(join(unpacked, 'large')).equals(readFileSync(world.at('source/large')))).toBe(true);
  expect(readdirSync(join(unpacked, 'notes'))).toEqual(['ü & more?.txt']);
});

it('without the token, and for what is not there, nothing comes', async () => {
  const get = await serving();
  for (const token of ['', 'wrong', `${TOKEN}x`, TOKEN.slice(1)])
    expect((await get(of('large'), token)).status).toBe(401);
  expect((await get(of('none'))).status).toBe(404);
  expect((await get(of('../keys'))).status).toBe(400);
  expect((await get('/download?snapshot=0123456789abcdef')).status).toBe(404);
  expect((await get('/download?snapshot=--help')).status).toBe(400);
  expect((await get('/other')).status).toBe(404);
  expect((await get(of('large'))).status).toBe(200);
});

it('what breaks on the way breaks the answer', async () => {
  const packs = readdirSync(world.at('repository/data'), { recursive: true, encoding: 'utf8' })
    .map((name) => world.at('repository/data', name))
    .filter((file) => statSync(file).isFile() && statSync(file).size > 1_000_000);
  const last = packs.at(-1) ?? '';
  const bytes = readFileSync(last);
  const middle = Math.floor(bytes.length / 2);
  bytes.fill(0, middle, middle + 1000);
  chmodSync(last, 0o600);
  writeFileSync(last, bytes);
  const get = await serving();

  for (const path of ['/download', of('large')]) {
    const read = async (): Promise<number> => {
      const answer = await get(path);
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      return (await answer.arrayBuffer()).byteLength;
    };
    await expect(read()).rejects.toThrow(/terminated|aborted|status 502/);
  }
});

it('ends by itself when nobody comes', async () => {
  await serving({ MOVER_IDLE_SECONDS: '1' });
  expect(await running?.told).toMatchObject({ code: 0, result: { outcome: 'done', files: 0 } });
});

it('somebody who takes nothing is broken off, and the mover ends', async () => {
  const started = world.start({ verb: 'serve' }, { MOVER_IDLE_SECONDS: '1' });
  running = started;
  const port = await eventually(async () => /"listening":(\d+)/.exec(started.output())?.[1]);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const [answer] = (await once(open({ port, path: of('large'), headers }), 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  expect(await started.told).toMatchObject({ code: 0, result: { outcome: 'done', files: 0 } });
  answer.resume();
  await expect(once(answer, 'end')).rejects.toThrow('aborted');
});

it('somebody who takes his time gets all of it', async () => {
  const get = await serving({ MOVER_IDLE_SECONDS: '3' });
  let bytes = 0;
  for await (const chunk of (await get(of('large'))).body ?? []) {
    const before = bytes;
    bytes += (chunk as Uint8Array).byteLength;
    // Longer in all than nobody may be there, each time far shorter.
    if (Math.floor(bytes / 2_000_000) > Math.floor(before / 2_000_000)) await sleep(500);
  }
  expect(bytes).toBe(20_000_000);
  expect(await running?.told).toMatchObject({ code: 0, result: { bytes: 20_000_000 } });
});

it('somebody who goes away leaves it open for the next one', async () => {
  const get = await serving();
  const leaving = await get('/download');
  await leaving.body?.cancel();
  expect((await (await get(of('large'))).arrayBuffer()).byteLength).toBe(20_000_000);
});
