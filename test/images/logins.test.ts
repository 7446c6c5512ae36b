// Who may push: passwords, tokens of another server, helpers that keep a login, TLS; with a real registry.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { createImageWorld, type ImageWorld } from '../support/images/imageWorld';
import {
  PASSWORD,
  startRegistry,
  USER,
  type RegistryOptions,
  type RegistryServer,
} from '../support/images/registryServer';
import { REFRESH_TOKEN, SERVICE, startTokenServer, type TokenServer } from '../support/images/tokenServer';

let world: ImageWorld;
let registry: RegistryServer;

const place = (): readonly string[] => ['--registry', registry.host];
const push = async (environment = {}) => world.images(['push', ...place()], { environment });
const secure = async (environment = {}) => world.images(['push', '--no-insecure', ...place()], { environment });

async function begin(options: RegistryOptions): Promise<void> {
  world = createImageWorld();
  registry = await startRegistry(options);
  world.define('lab');
  await world.images(['build', ...place()]);
}
afterEach(async () => {
  await registry.remove();
  world.remove();
});

describe('a registry with passwords', () => {
  beforeEach(async () => begin({ auth: 'password' }));

  test('takes who has logged in', async () => {
    world.login(registry.host, USER, PASSWORD);
    expect(await push()).toMatchObject({ code: 0 });
    expect(registry.tags('team/lab')).toContain('latest');
    expect(await push()).toMatchObject({ code: 1 });
  });

  test('refuses who has not, with what to do', async () => {
    const { code, errors } = await push();
    expect(code).toBe(3);
    expect(errors).toContain(
      `lab: ${registry.host} wants a login for ${registry.host}/team/lab (401). Log in: docker, podman or buildah login ${registry.host}\n`,
    );
    expect(registry.tags('team/lab')).toEqual([]);
  });

  test('refuses a wrong password, which is not shown', async () => {
    world.login(registry.host, USER, 'a guess');
    const { code, errors } = await push();
    expect(code).toBe(3);
    expect(errors).toContain(`${registry.host} refuses the login of ${USER} for ${registry.host}/team/lab (401)`);
    expect(errors).not.toContain('a guess');
  });

  test('takes a login that a helper keeps; one that is missing or fails is told', async () => {
    const config = join(world.root, 'home/.docker/config.json');
    writeFileSync(config, JSON.stringify({ credHelpers: { [registry.host]: 'test' } }));
    expect((await push()).errors).toContain(
      `docker-credential-test, which keeps the login for ${registry.host}, is not installed`,
    );
    const PATH = `${join(world.root, 'programs')}:${process.env['PATH']}`;
    world.write('programs/docker-credential-test', '#!/bin/sh\necho the vault is locked\nexit 1\n', 0o755);
    expect((await push({ PATH })).errors).toContain(`, failed: the vault is locked\n`);
    const answer = JSON.stringify({ ServerURL: registry.host, Username: USER, Secret: PASSWORD });
    world.write(
      'programs/docker-credential-test',
      `#!/bin/sh\nread server\ntest "$server" = ${registry.host} && echo '${answer}'\n`,
      0o755,
    );
    expect(await push({ PATH })).toMatchObject({ code: 0 });
  });

  test('a file of logins that is none is told with its name, and is not the end of all', async () => {
    const config = join(world.root, 'home/.docker/config.json');
    const told = `${config} is no file of logins: put it right, or remove it and log in again`;
    world.define('other');
    writeFileSync(config, '{');
    const { code, errors } = await push();
    expect(code).toBe(3);
    expect(errors).toContain(`lab: ${told}\n`);
    rmSync(config);
    mkdirSync(config);
    const unreadable = await push();
    expect(unreadable.code).toBe(3);
    expect(unreadable.errors).toContain(`lab: ${told} (EISDIR)\n`);
    expect(unreadable.errors).toContain(`other: ${told} (EISDIR)\n`);
    expect(await world.images(['list', '--remote', ...place()])).toMatchObject({
      code: 3,
      errors: `hubfn: ${told} (EISDIR)\n`,
    });
  });
});

describe('a registry that sends to a token server', () => {
  let tokens: TokenServer;

  beforeEach(async () => {
    tokens = await startTokenServer();
    await begin({
      auth: { realm: tokens.realm, service: SERVICE, issuer: tokens.issuer, certificate: tokens.certificate },
    });
  });
  afterEach(async () => tokens.stop());

  test('takes who may push', async () => {
    world.login(registry.host, USER, PASSWORD);
    expect(await push()).toMatchObject({ code: 0 });
    expect(registry.tags('team/lab')).toContain('latest');
    expect(await push()).toMatchObject({ code: 1 });
    expect(tokens.asked).toContain(`GET ${USER}`);
  });

  test('refuses who may only read, in the words of the builder, with what to do', async () => {
    world.login(registry.host, 'reader', 'secret of the reader');
    const { code, errors } = await push();
    expect(code).toBe(3);
    expect(errors).toContain('lab: buildah push failed:\n');
    expect(errors).toContain(
      `${registry.host} refuses to take ${registry.host}/team/lab: buildah login ${registry.host}, as somebody who may push there\n`,
    );
    expect(registry.tags('team/lab')).toEqual([]);
  });

  test('refuses whom the token server does not know', async () => {
    expect((await push()).errors).toContain(`${registry.host} wants a login for`);
    world.login(registry.host, 'nobody', 'knows');
    expect((await push()).errors).toContain(`${registry.host} refuses the login of nobody for`);
  });

  test('an identity token is exchanged', async () => {
    world.login(registry.host, USER, PASSWORD);
    await push();
    tokens.asked.splice(0);
    writeFileSync(
      join(world.root, 'home/.docker/config.json'),
      JSON.stringify({ auths: { [registry.host]: { identitytoken: REFRESH_TOKEN } } }),
    );
    const { code, output } = await world.images(['list', '--remote', '--output', 'json', ...place()]);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject([{ pushed: true }]);
    expect(tokens.asked).toEqual([`POST ${USER}`]);
  });

  test('a token server that is away is told by its own name', async () => {
    await tokens.stop();
    world.login(registry.host, USER, PASSWORD);
    const { code, errors } = await push();
    expect(code).toBe(3);
    expect(errors).toContain(`lab: ${new URL(tokens.realm).host} cannot be reached: connect ECONNREFUSED`);
  });
});

describe('a registry with TLS', () => {
  let authority: string;

  beforeEach(async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'registry' }], {
      keySize: 2048,
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    });
    await begin({ tls: { key, cert } });
    authority = world.write('authority.crt', cert);
  });

  test('is trusted where its authority is named, and only there', async () => {
    const refused = await secure();
    expect(refused.code).toBe(3);
    expect(refused.errors).toMatch(/cannot be reached: .*Name the file of its authority by NODE_EXTRA_CA_CERTS\.$/m);
    expect(await secure({ NODE_EXTRA_CA_CERTS: authority, SSL_CERT_FILE: authority })).toMatchObject({ code: 0 });
    expect(registry.tags('team/lab')).toContain('latest');
  });

  test('plain HTTP where TLS is spoken is no answer', async () => {
    const { code, errors } = await push();
    expect(code).toBe(3);
    expect(errors).toContain(`${registry.host} answered 400`);
  });
});

describe('a registry without TLS', () => {
  beforeEach(async () => begin({}));

  test('that is spoken to with TLS is told', async () => {
    const { code, errors } = await secure();
    expect(code).toBe(3);
    expect(errors).toMatch(/cannot be reached: .*Does it speak plain HTTP\? Then give --insecure\.$/m);
  });
});
