// An S3 server that refuses, is away, or goes away in the middle: it is told, nothing good is replaced, and all goes on afterwards.
import { apiOf, type ArchiveObject } from '../../support/archives';
import { createArchivesOnS3, S3_SECRET, type ArchivesOnS3 } from '../../support/archiveOnS3';
import { eventually } from '../../support/eventually';

jest.setTimeout(180_000);

const BIG_BYTES = 120_000_000;
const AWAY_SECONDS = 6;

let archives: ArchivesOnS3;
let good: ArchiveObject;

beforeAll(async () => {
  archives = await createArchivesOnS3({ mover: { away_seconds: AWAY_SECONDS } });
  const { ask, backUp, claims, rested } = archives;
  await claims.create('claim-ada');
  await claims.run('claim-ada', 'echo one > /data/one');
  good = await rested(await ask(await rested(await backUp('claim-ada')), 'verify'));
});

/** Whatever a test has left. */
afterEach(async () => {
  await archives.server.start();
  await archives.setSecret(archives.server.environment);
});

afterAll(async () => archives?.close());

/** What is told of a new backup, and of another look at the older archive. */
async function bothAsked(): Promise<readonly ArchiveObject[]> {
  const { ask, backUp, rested } = archives;
  return [await rested(await backUp('claim-ada')), await rested(await ask(good, 'verify'))];
}

/** That it could not be read says nothing of what the older archive holds. */
function refusals(message: RegExp): readonly object[] {
  const last = {
    outcome: 'failed',
    reason: 'RepositoryUnreachable',
    message: expect.stringMatching(message) as string,
  };
  return [
    { phase: 'failed', last },
    { id: good.id, phase: 'kept', verifiedAt: good.verifiedAt, last },
  ];
}

async function verified(archive: ArchiveObject): Promise<ArchiveObject> {
  return archives.rested(await archives.ask(archive, 'verify'));
}

const WHOLE = { phase: 'kept', last: { verb: 'verify', outcome: 'done' } };

test('wrong credentials are told, and change nothing', async () => {
  const { server, setSecret, stored } = archives;
  const before = stored();
  await setSecret({ ...server.environment, AWS_SECRET_ACCESS_KEY: 'a guess' });
  expect(await bothAsked()).toMatchObject(refusals(/refuses its credentials or rights: check the S3 Secret/));
  expect(stored()).toEqual(before);
  await setSecret(server.environment);
  good = await verified(good);
  expect(good).toMatchObject(WHOLE);
});

test('a Secret that is missing is waited for, and named', async () => {
  const { backUp, get, rested, server, setSecret } = archives;
  await setSecret();
  const { id } = await backUp('claim-ada');
  const waiting = await eventually(async () => {
    const archive = await get(id);
    return archive.operation?.message.includes(S3_SECRET) ? archive : undefined;
  }, 30);
  expect(waiting.operation).toMatchObject({ verb: 'backup', phase: 'waiting' });

  await setSecret(server.environment);
  expect(await rested(waiting)).toMatchObject({ phase: 'kept', last: { outcome: 'done' } });
});

test('a bucket that does not exist is told', async () => {
  const { environment, rested, server, world } = archives;
  const repository = { s3: `${server.url}-none`, secret: S3_SECRET };
  const file = world.workspace.write('none.json', JSON.stringify({ archive: { repository } }));
  const elsewhere = apiOf(await world.addFunction('archive', { ...environment, CONFIG_PATH: file }));
  expect(await rested(await elsewhere.backUp('claim-ada'))).toMatchObject({
    phase: 'failed',
    last: { reason: 'RepositoryUnreachable', message: expect.stringContaining('that the bucket exists') as string },
  });
  good = await verified(good);
  expect(good).toMatchObject(WHOLE);
});

test('a server that is away is told within seconds, and found again', async () => {
  const { server, stored } = archives;
  const before = stored();
  await server.stop();
  expect(await bothAsked()).toMatchObject(refusals(/The S3 server does not answer \(.*\): check its address/));
  expect(stored()).toEqual(before);
  await server.start();
  good = await verified(good);
  expect(good).toMatchObject(WHOLE);
});

/** Asks for a backup, and takes the server away when a part of it has arrived. */
async function cutInTheMiddle(): Promise<ArchiveObject> {
  const { backUp, server, stored } = archives;
  const before = stored().bytes;
  const asked = await backUp('claim-big');
  await eventually(async () => (stored().bytes > before + 5_000_000 ? true : undefined), 60);
  await server.stop();
  expect(stored().bytes).toBeLessThan(before + BIG_BYTES);
  return eventually(async () => {
    const archive = await archives.get(asked.id);
    return JSON.stringify(archive.operation?.progress).includes('"phase":"unreachable"') ? archive : undefined;
  }, 30);
}

describe('in the middle of a backup', () => {
  beforeAll(async () => {
    await archives.claims.create('claim-big', 'big');
    await archives.claims.run('claim-big', `head -c ${BIG_BYTES} /dev/urandom > /data/big`);
  });

  test('one that stays away ends it, with the reason, and leaves the older ones alone', async () => {
    const { rested, server } = archives;
    const cut = await cutInTheMiddle();
    expect(cut.operation).toMatchObject({ verb: 'backup', phase: 'running' });
    expect(await rested(cut)).toMatchObject({
      phase: 'failed',
      last: {
        reason: 'RepositoryUnreachable',
        message: expect.stringContaining(`has not answered for ${AWAY_SECONDS} s`) as string,
      },
    });
    await server.start();
    good = await verified(good);
    expect(good).toMatchObject(WHOLE);
  });

  test('one that comes back is used on, and the archive is whole', async () => {
    const { rested, server } = archives;
    const cut = await cutInTheMiddle();
    await server.start();
    const made = await rested(cut);
    expect(made).toMatchObject({ phase: 'kept', bytes: BIG_BYTES, last: { outcome: 'done' } });
    expect(await verified(made)).toMatchObject(WHOLE);
  });
});
