import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFlavorsFile } from '../../../../functions/services/outpost/flavorsFile';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-flavors-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(text: string): string {
  const path = join(folder, 'flavors.yaml');
  writeFileSync(path, text);
  return path;
}

test("Outpost's file is read as it is", () => {
  const text = `
flavors:
  default: { max: 20, maxPerUser: 3, weight: 11, display_name: Default, runtime: { hours: 120 } }
hubs:
  mini: { weight: 15, jupyterhub_name: [hubmini], flavors: [default] }
users:
  outsiders:
    negate_authentication: true
    authentication: { name: ".*@mycompany.org" }
    forbidden: true
`;

  expect(readFlavorsFile(file(text))).toMatchObject({
    flavors: { default: { max: 20, runtime: { hours: 120 } } },
    hubs: { mini: { weight: 15, jupyterhub_name: ['hubmini'] } },
    users: { outsiders: { negate_authentication: true, forbidden: true, weight: 0 } },
    global_max_per_user: -1,
  });
});

test('an empty file has no flavors', () => {
  expect(readFlavorsFile(file('')).flavors).toEqual({});
});

test('faults are listed with their places; a file that is missing is one', () => {
  expect(() => readFlavorsFile(file('flavors: { a: { max: many } }\nuser: {}'))).toThrow(/flavors\.a\.max[^]*user/);
  expect(() => readFlavorsFile(file('{'))).toThrow(/not valid YAML/);
  expect(() => readFlavorsFile(join(folder, 'missing.yaml'))).toThrow(/missing\.yaml/);
});
