import {
  createDecoyHash,
  hashPassword,
  matchesPassword,
  parsePasswordHash,
} from '../../../lib/credentials/passwordHash';

const parse = (text: string) => {
  const hash = parsePasswordHash(text);
  if (!hash) throw new Error('not a hash');
  return hash;
};

test('a password matches its own hash and no other', async () => {
  const hash = parse(await hashPassword('secret'));
  expect(await matchesPassword('secret', hash)).toBe(true);
  expect(await matchesPassword('Secret', hash)).toBe(false);
  expect(await matchesPassword('', hash)).toBe(false);
});

test('the same password gives another hash each time, in the documented form', async () => {
  const [first, second] = await Promise.all([hashPassword('secret'), hashPassword('secret')]);
  expect(first).toMatch(/^scrypt\$16384\$8\$1\$[\w+/]{22}==\$[\w+/]{43}=$/);
  expect(first).not.toBe(second);
});

test('nothing matches a decoy, which asks for the same work as a real hash', async () => {
  const decoy = createDecoyHash();
  expect(await matchesPassword('', decoy)).toBe(false);
  const { cost, blockSize, parallelization } = parse(await hashPassword('secret'));
  expect(decoy).toMatchObject({ cost, blockSize, parallelization });
});

test.each([
  ['a plain password', 'secret'],
  ['another scheme', 'pbkdf2$16384$8$1$c2FsdHNhbHQ=$aGFzaGhhc2hoYXNoaGFzaA=='],
  ['a cost that is no power of two', 'scrypt$16383$8$1$c2FsdHNhbHQ=$aGFzaGhhc2hoYXNoaGFzaA=='],
  ['a cost that would exhaust memory', 'scrypt$4194304$8$1$c2FsdHNhbHQ=$aGFzaGhhc2hoYXNoaGFzaA=='],
  ['no work', 'scrypt$16384$0$1$c2FsdHNhbHQ=$aGFzaGhhc2hoYXNoaGFzaA=='],
  ['a short hash', 'scrypt$16384$8$1$c2FsdHNhbHQ=$aGFz'],
])('refuses %s', (_case, text) => {
  expect(parsePasswordHash(text)).toBeUndefined();
});
