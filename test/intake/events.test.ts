// Requests that arrive as CloudEvents: from whom they are is proven, and what the broker shall do with them is said.
import { createIntake, sign, waiting, type Intake } from '../support/intake/intake';
import { callerOf } from '../support/statusFunction';

jest.setTimeout(120_000);

let intake: Intake;

beforeAll(async () => {
  intake = await createIntake();
});

afterAll(async () => intake?.close());

it('a signed request becomes a job of its user', async () => {
  const signed = sign({ aud: 'events', sub: 'alice', ...waiting('signed') });

  expect((await intake.event('/signed/grader', { signed })).status).toBe(204);

  const [id = ''] = await intake.jobsWith('signed');
  expect((await intake.get(id)).metadata.labels).toMatchObject({ 'hub-user': 'alice' });
});

it('an event that comes twice is one job, and so is a request that is sent again under another event', async () => {
  const headers = { 'ce-id': 'the-same' };
  for (let times = 0; times < 2; times += 1) await intake.event('/inside', waiting('twice'), headers);
  const signed = sign({ aud: 'events', jti: 'the-same', ...waiting('again') });
  for (let times = 0; times < 2; times += 1) await intake.event('/signed/grader', { signed });

  expect(await intake.jobsWith('twice')).toHaveLength(1);
  expect(await intake.jobsWith('again')).toHaveLength(1);
});

it.each([
  ['from where nobody is known', '/nowhere', waiting('x')],
  ['without a signature where one is needed', '/signed/grader', { user: 'alice', ...waiting('x') }],
  ['signed for a queue', '/signed/grader', { signed: sign({ aud: 'signed', ...waiting('x') }) }],
  ['that the jobs function refuses', '/inside', { request: { retries: 99 } }],
  ['for what this channel does not take', '/inside', { cancel: 'x' }],
  ['signed where nobody has a key', '/inside', { signed: sign({ aud: 'inside', ...waiting('x') }) }],
  ['that would only look', '/inside', waiting('x', { dryRun: true })],
  ['of another form', '/inside', { cmd: 'true' }],
])('a request %s is never wanted again', async (_what, source, data) => {
  expect((await intake.event(source, data)).status).toBe(400);
});

it('while the jobs function is away an event may come again', async () => {
  const away = await intake.addIntake({ jobs: 'http://127.0.0.1:9' });
  const { send } = callerOf(away, intake.world.cluster.kube);

  const { status } = await send('hub-functions.request.v1', waiting('away'), { 'ce-source': '/inside' });

  expect(status).toBe(503);
});

it('who has pushed something may say so, and need not wait for the timer', async () => {
  await intake.push('work', waiting('told'));
  const { send } = callerOf(intake.intake, intake.world.cluster.kube);

  expect((await send('hub-functions.queued.v1', undefined, { 'ce-source': '/anybody' })).status).toBe(204);

  expect(await intake.jobsWith('told')).toHaveLength(1);
});

it('the empty POST of OpenFaaS is a timer, too; other events mean nothing', async () => {
  expect((await intake.intake.request('POST', '/', { headers: { 'x-connector': 'cron-connector' } })).status).toBe(204);
  const { send } = callerOf(intake.intake, intake.world.cluster.kube);
  expect(
    (await send('dev.knative.apiserver.resource.update', { metadata: { namespace: intake.world.cluster.namespace } }))
      .status,
  ).toBe(400);
});
