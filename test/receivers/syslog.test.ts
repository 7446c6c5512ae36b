// Records at a real rsyslogd: over TCP and UDP, whole, with their severity; and what becomes of them while it is away.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { createLogs, type Logs } from '../support/logs';
import { startRsyslog, type Rsyslog, type SyslogMessage } from '../support/receivers/rsyslog';

jest.setTimeout(60_000);

const SOCKTYPES = { TCP: 'ext://socket.SOCK_STREAM', UDP: 'ext://socket.SOCK_DGRAM' } as const;

let folder: string;
let logs: Logs;
let rsyslog: Rsyslog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-rsyslog-'));
  rsyslog = await startRsyslog(folder);
  logs = await createLogs();
});

afterEach(async () => {
  await logs?.world.close();
  await rsyslog?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function untilTold(text: string): Promise<SyslogMessage> {
  return eventually(async () => {
    const messages = rsyslog.messages();
    const found = messages.find((message) => message.text.includes(text));
    if (found === undefined)
      throw new Error(`${text} is none of ${messages.length} messages; ${logs.instance.output()}`);
    return found;
  }, 10);
}

it.each(Object.keys(SOCKTYPES) as (keyof typeof SOCKTYPES)[])(
  'records of all functions arrive over %s',
  async (name) => {
    const configuration = { level: 'TRACE', address: ['127.0.0.1', rsyslog.port], socktype: SOCKTYPES[name] };
    await logs.set('POST', 'syslog', configuration);

    await logs.send('GET', '/api/logs/logtest/');

    const critical = await untilTold('"Message":"Critical"');
    expect(critical).toMatchObject({ app: 'hub-functions-logs', severity: 'crit', version: '1' });
    expect(critical.pid).toMatch(/^\d+$/);
    expect(JSON.parse(critical.text)).toMatchObject({
      levelno: 50,
      levelname: 'CRITICAL',
      logger: 'logs',
      file: 'functions/logs/logTest.ts',
      function: 'logEachLevel',
      Extra1: 'message1',
      mesg: 'msg1',
      filename_extra: 'forbidden',
    });
    const levels = rsyslog
      .messages()
      .flatMap(({ text, severity }) => (/"Message":"(Trace|Debug|Info|Warn|Error)"/.test(text) ? [severity] : []));
    expect(levels).toEqual(['debug', 'debug', 'info', 'warning', 'err']);

    await eventually(async () => {
      await logs.world.hub.send('GET', '/api/services/');
      return rsyslog.messages().find(({ app }) => app === 'hub-functions-services');
    }, 5);
  },
);

it('a record of many lines is one message, and the next one is whole', async () => {
  const address = ['127.0.0.1', rsyslog.port];
  await logs.set('POST', 'syslog', { formatter: 'simple', level: 'DEBUG', address });

  await logs.send('POST', '/api/logs/handler/', { json: { handler: 'none' } });

  const refused = await untilTold('request refused');
  expect(refused.text).toMatch(
    /function=logOnce : request refused#012AppError: Unsupported handler: none.*#012 {4}at /,
  );
  await untilTold('status=400');
});

it('while it is away it is told once, requests are answered, and records wait for it', async () => {
  const address = ['127.0.0.1', rsyslog.port];
  await logs.set('POST', 'syslog', { level: 'INFO', address });
  await logs.send('GET', '/api/logs/logtest/');
  await untilTold('Critical');
  await rsyslog.stop();

  for (let number = 0; number < 5; number += 1) {
    expect((await logs.send('GET', `/api/logs/handler/?n=${number}`)).status).toBe(200);
  }
  const reports = await eventually(async () => {
    const lines = logs.instance.output().split('\n');
    const found = lines.filter(
      (line) => line.includes('a log handler cannot work') && line.includes('nothing listens'),
    );
    return found.length > 0 ? found : undefined;
  });
  expect(reports).toHaveLength(1);
  await logs.send('GET', '/api/logs/changes/');
  rsyslog = await startRsyslog(folder, rsyslog.port);

  await untilTold('/api/logs/changes/');
  await untilTold('a log handler works again');
});
