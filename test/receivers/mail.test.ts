// Records as mail, at a real SMTP server: in the clear on this machine, encrypted where it is offered or asked for, with a login from files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { createLogs, type Logs } from '../support/logs';
import { startMailServer, type Mail, type MailServer, type MailServerOptions } from '../support/receivers/mailServer';

jest.setTimeout(60_000);

const LOGIN = { username: 'robot', password: 'mail password' };
const MAIL = {
  level: 'ERROR',
  fromaddr: 'functions@example.org',
  toaddrs: ['one@example.org', 'two@example.org'],
  subject: 'Trouble',
};

let secrets: string;
let server: MailServer;
let logs: Logs;

async function open(options: MailServerOptions, hasLogin = false): Promise<void> {
  server = await startMailServer(options);
  secrets = mkdtempSync(join(tmpdir(), 'hub-functions-smtp-'));
  writeFileSync(join(secrets, 'ca.crt'), server.ca);
  if (hasLogin) for (const [name, value] of Object.entries(LOGIN)) writeFileSync(join(secrets, name), value);
  logs = await createLogs({}, { SMTP_DIR: secrets });
}

afterEach(async () => {
  await logs?.world.close();
  await server?.stop();
  rmSync(secrets, { recursive: true, force: true });
});

async function firstMail(): Promise<Mail> {
  return eventually(async () => {
    if (server.mails[0] === undefined) throw new Error(`no mail:\n${logs.instance.output()}`);
    return server.mails[0];
  }, 10);
}

it.each<[MailServerOptions['tls'], scheme: string, isEncrypted: boolean]>([
  ['none', '', false],
  ['starttls', '', true],
  ['implicit', 'smtps://', true],
])('with TLS %s a mail holds the records of a moment', async (tls, scheme, isEncrypted) => {
  await open({ tls });
  await logs.set('POST', 'smtp', { ...MAIL, mailhost: `${scheme}localhost:${server.port}` });

  await logs.send('GET', '/api/logs/logtest/');

  const mail = await firstMail();
  expect(mail).toMatchObject({ from: MAIL.fromaddr, to: MAIL.toaddrs, isEncrypted });
  expect(mail.text).toMatch(/^Subject: Trouble\r$/m);
  expect(mail.text.replaceAll('=\r\n', '')).toMatch(
    /levelname=3DERROR .* : Error\r\n.*levelname=3DCRITICAL .* : Critical/,
  );
  expect(mail.text).not.toContain('Warn');
});

it('a login comes from files, and the password is nowhere else', async () => {
  await open({ tls: 'starttls', login: LOGIN }, true);
  await logs.set('POST', 'smtp', { ...MAIL, level: 'DEBUG', mailhost: `localhost:${server.port}` });

  await logs.send('GET', '/api/logs/logtest/');

  const mail = await firstMail();
  expect(mail).toMatchObject({ user: LOGIN.username, isEncrypted: true });
  expect(mail.text + logs.instance.output()).not.toContain(LOGIN.password);
});

it('a password is not sent in the clear', async () => {
  await open({ tls: 'none', login: LOGIN }, true);
  await logs.set('POST', 'smtp', { ...MAIL, mailhost: `localhost:${server.port}` });

  await eventually(async () => {
    const isTold = logs.instance.output().includes('a log handler cannot work');
    return isTold ? true : undefined;
  }, 10);
  expect(server.mails).toEqual([]);
});

it('a handler as it is by default cannot work, and says what it lacks', async () => {
  await open({ tls: 'none' });
  await logs.set('POST', 'smtp');

  await eventually(async () => (/cannot work.*mailhost is empty/.test(logs.instance.output()) ? true : undefined), 10);
  expect((await logs.send('GET', '/api/logs/logtest/')).status).toBe(200);
});
