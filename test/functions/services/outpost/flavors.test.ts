import { allowanceFor, flavorsFor, type Asker } from '../../../../functions/services/outpost/flavors';
import { flavorSettings } from '../../../../functions/services/outpost/flavorSettings';

const flavors = { small: { max: 5, maxPerUser: 2 }, big: { max: 1, runtime: { days: 1 } }, free: {} };

const names = (settings: object, asker: Partial<Asker> = {}): readonly string[] =>
  Object.keys(flavorsFor(flavorSettings.parse({ flavors, ...settings }), { hub: 'hub-a', ...asker }));

const ALL = ['small', 'big', 'free'];

const HUBS = [
  { when: 'no set names the hub', hubs: { x: { jupyterhub_name: ['hub-b'], flavors: ['big'] } }, expected: ALL },
  { when: 'a set lists it', hubs: { x: { jupyterhub_name: ['hub-a'], flavors: ['big'] } }, expected: ['big'] },
  { when: 'an expression fits', hubs: { x: { jupyterhub_name: 'hub-.', flavors: ['big'] } }, expected: ['big'] },
  { when: 'an expression fits a part only', hubs: { x: { jupyterhub_name: 'hub', flavors: ['big'] } }, expected: ALL },
  { when: 'a glob fits', hubs: { x: { jupyterhub_name: '*-a', flavors: ['big'] } }, expected: ['big'] },
  { when: 'a set without flavors fits', hubs: { x: { jupyterhub_name: 'hub-a' } }, expected: ALL },
  { when: 'it is forbidden', hubs: { x: { jupyterhub_name: 'hub-a', forbidden: true } }, expected: [] },
  {
    when: 'two fit, the heavier counts',
    hubs: {
      x: { jupyterhub_name: 'hub-a', flavors: ['big'], weight: 2 },
      y: { jupyterhub_name: 'hub-a', flavors: ['small'], weight: 1 },
    },
    expected: ['big'],
  },
];

test.each(HUBS)('a hub gets $expected when $when', ({ hubs, expected }) => {
  expect(names({ hubs })).toEqual(expected);
});

const authentication = { name: 'ann@site.example', groups: ['staff', 'chess'], admin: true };

interface UserCase {
  readonly when: string;
  readonly users: object;
  readonly expected: readonly string[];
}

const USERS: readonly UserCase[] = [
  {
    when: 'name fits',
    users: { x: { authentication: { name: '.*@site\\.example' }, flavors: ['big'] } },
    expected: ['big'],
  },
  {
    when: 'a group is listed',
    users: { x: { authentication: { groups: ['chess'] }, flavors: ['big'] } },
    expected: ['big'],
  },
  {
    when: 'one attribute of two fits',
    users: { x: { authentication: { name: 'bob', groups: 'staff' }, flavors: [] } },
    expected: [],
  },
  { when: 'none fits', users: { x: { authentication: { name: 'bob' }, flavors: ['big'] } }, expected: ALL },
  { when: 'an attribute is unknown', users: { x: { authentication: { age: '7' }, flavors: ['big'] } }, expected: ALL },
  {
    when: 'an attribute is inherited',
    users: { x: { authentication: { constructor: '.*' }, flavors: ['big'] } },
    expected: ALL,
  },
  {
    when: 'none fits a negated set',
    users: { x: { authentication: { name: 'bob' }, negate_authentication: true, flavors: ['big'] } },
    expected: ['big'],
  },
  { when: 'it is forbidden', users: { x: { authentication: { groups: 'staff' }, forbidden: true } }, expected: [] },
  {
    when: 'the set is for another hub',
    users: { x: { hubs: ['hub-b'], authentication: { groups: 'staff' }, flavors: [] } },
    expected: ALL,
  },
  {
    when: 'two fit, the heavier counts',
    users: {
      x: { authentication: { groups: 'staff' }, flavors: ['big'], weight: 1 },
      y: { authentication: { groups: 'chess' }, flavors: ['free'], weight: 2 },
    },
    expected: ['free'],
  },
];

test.each(USERS)('a user gets $expected when $when', ({ users, expected }) => {
  expect(names({ users }, { authentication })).toEqual(expected);
});

test("a user's set goes before the hub's, which counts for users nobody tells about", () => {
  const settings = {
    hubs: { x: { jupyterhub_name: 'hub-a', flavors: ['small'] } },
    users: { y: { authentication: { groups: 'staff' }, flavors: ['big'] } },
  };

  expect(names(settings, { authentication })).toEqual(['big']);
  expect(names(settings)).toEqual(['small']);
  expect(names(settings, { authentication: {} })).toEqual(['small']);
});

test('a set may change what a flavor allows, for its members only', () => {
  const settings = flavorSettings.parse({
    flavors,
    hubs: { x: { jupyterhub_name: 'hub-a', flavorsOverride: { small: { max: 7 }, other: { max: 1 } } } },
  });

  expect(flavorsFor(settings, { hub: 'hub-a' })['small']).toEqual({ max: 7, maxPerUser: 2 });
  expect(flavorsFor(settings, { hub: 'hub-b' })['small']).toEqual(flavors.small);
  expect(Object.keys(flavorsFor(settings, { hub: 'hub-a' }))).toEqual(ALL);
});

describe('the allowance of a start', () => {
  const ordered = { hub: 'hub-a', userId: 7, flavor: 'small' };

  it('counts the user first and then the flavor', () => {
    const { limits } = allowanceFor(flavorSettings.parse({ flavors, global_max_per_user: 3 }), ordered);

    expect(limits.map(({ scope, max }) => [...scope, max])).toEqual([
      ['user', 'hub-a', '7', 3],
      ['flavor of user', 'hub-a', '7', 'small', 2],
      ['flavor', 'small', 5],
    ]);
  });

  it('is without limit where there is none, and counts nevertheless', () => {
    const { limits, runtime } = allowanceFor(flavorSettings.parse({ flavors }), { ...ordered, flavor: 'free' });

    expect(limits).toMatchObject([{ scope: ['flavor', 'free'], max: Infinity }]);
    expect(runtime).toBeUndefined();
  });

  it('ends with the run time of the flavor', () => {
    expect(allowanceFor(flavorSettings.parse({ flavors }), { ...ordered, flavor: 'big' }).runtime).toEqual({ days: 1 });
  });

  it('is everything where no flavors are configured', () => {
    expect(allowanceFor(flavorSettings.parse({}), ordered)).toEqual({ limits: [], runtime: undefined });
  });

  it.each([undefined, 'none', 'constructor'])('is refused for flavor %s', (flavor) => {
    expect(() => allowanceFor(flavorSettings.parse({ flavors }), { ...ordered, flavor })).toThrow(
      /Allowed: small, big, free/,
    );
  });
});
