// Who submits, as a real hub says of its tokens.
import { createHubLogin } from '../../functions/intake/submissions/hubLogin';
import { createHubUser } from '../../lib/credentials/hubUser';
import { createWorld, type World } from './world';

jest.setTimeout(90_000);

let world: World;

beforeAll(async () => {
  world = await createWorld();
  await world.hub.addUsers('handsin');
}, 300_000);

afterAll(async () => world?.close(), 60_000);

/** Asks the hub each time: a function remembers for half a minute. */
const login = async (token: string) => {
  const hubUser = createHubUser({ url: world.hubApi, clock: () => new Date() });
  return createHubLogin(hubUser)({ authorization: `token ${token}` });
};

async function tokenOf(user: string, scopes: readonly string[] = []): Promise<string> {
  const wish = scopes.length > 0 ? { scopes } : {};
  return (JSON.parse(await world.hub.api('POST', `/users/${user}/tokens`, wish)) as { token: string }).token;
}

it('a token of a user stands for that user', async () => {
  expect(await login(await tokenOf('handsin'))).toMatchObject({ name: 'handsin', superuser: false });
});

it('one that may do next to nothing does, too', async () => {
  expect(await login(await tokenOf('handsin', ['read:users:name!user']))).toMatchObject({ name: 'handsin' });
});

it('a token that was revoked stands for nobody, nor does one that never was', async () => {
  const wish = await world.hub.api('POST', '/users/handsin/tokens', {});
  const { token, id } = JSON.parse(wish) as { token: string; id: string };
  await login(token);
  await world.hub.api('DELETE', `/users/handsin/tokens/${id}`);

  await expect(login(token)).rejects.toMatchObject({ status: 401 });
  await expect(login('never-was')).rejects.toMatchObject({ status: 401 });
});
