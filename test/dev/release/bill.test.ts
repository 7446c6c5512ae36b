import { reproducible } from '../../../dev/release/bill';

const settled = { name: 'hub-functions', time: new Date('2026-11-29T12:00:00Z') };
const made = (chance: string, timestamp: string, name = 'zod') => ({
  bomFormat: 'CycloneDX',
  serialNumber: `urn:uuid:${chance}`,
  metadata: { timestamp, component: { name: `folder-${chance}`, version: '1' } },
  components: [{ name }],
});

test('the same packages make the same bill, whenever it is made', () => {
  expect(reproducible(made('a', '2020'), settled)).toEqual(reproducible(made('b', '2021'), settled));
});

test('other packages make another one, with an identifier of its own', () => {
  const [one, two] = [made('a', '2020'), made('a', '2020', 'yaml')].map(
    (bill) => (reproducible(bill, settled) as { serialNumber: string }).serialNumber,
  );
  expect(one).not.toBe(two);
  expect(one).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('it has the time that it is given, and keeps all else', () => {
  expect(reproducible(made('a', '2020'), settled)).toMatchObject({
    bomFormat: 'CycloneDX',
    metadata: { timestamp: '2026-11-29T12:00:00.000Z', component: { name: 'hub-functions', version: '1' } },
    components: [{ name: 'zod' }],
  });
});
