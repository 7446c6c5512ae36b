// The index of charts as helm itself reads it; what was published once is never changed.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { indexCharts } from '../../bin/charts/indexCharts';
import type { Terminal } from '../../bin/command';
import { dispatch } from '../../bin/dispatch';
import { CHART, helmOf, KUBERNETES } from '../support/chart/helm';

let folder: string;
let charts: string;
let to: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-charts-'));
  charts = join(folder, 'charts');
  to = join(folder, 'published');
  addChart('small', '1.0.0');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function addChart(name: string, version: string, note = 'first'): void {
  const chart = join(charts, name);
  mkdirSync(join(chart, 'templates'), { recursive: true });
  const lines = ['apiVersion: v2', `name: ${name}`, `version: ${version}`, 'icon: https://example.org/icon.png'];
  writeFileSync(join(chart, 'Chart.yaml'), `${lines.join('\n')}\n`);
  const template = ['apiVersion: v1', 'kind: ConfigMap', 'metadata: {name: small}', `data: {note: ${note}}`];
  writeFileSync(join(chart, 'templates/note.yaml'), `${template.join('\n')}\n`);
}

async function index(...more: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
  const said = { output: '', errors: '' };
  const terminal = {
    write: (text: string) => (said.output += text),
    writeError: (text: string) => (said.errors += text),
    clock: () => new Date(),
  } as unknown as Terminal;
  const code = await dispatch(['charts', 'index', charts, '--to', to, ...more], { commands: [indexCharts], terminal });
  return { code, ...said };
}

interface Listed {
  readonly entries: Readonly<Record<string, readonly { version: string; digest: string; created: string }[]>>;
}

const listed = (): Listed => parse(readFileSync(join(to, 'index.yaml'), 'utf8')) as Listed;

it('packs a chart, and does not publish it again', async () => {
  expect(await index()).toEqual({ code: 0, output: 'small 1.0.0: new\n', errors: '' });
  const before = readFileSync(join(to, 'index.yaml'), 'utf8');
  utimesSync(join(charts, 'small/Chart.yaml'), 1, 1);

  expect(await index()).toEqual({ code: 0, output: 'small 1.0.0: unchanged\n', errors: '' });
  expect(readFileSync(join(to, 'index.yaml'), 'utf8')).toBe(before);
});

it('makes the same bytes of the same chart, whichever helm is there, and whenever', async () => {
  await index();
  const first = readFileSync(join(to, 'small-1.0.0.tgz'));
  rmSync(to, { recursive: true });
  utimesSync(join(charts, 'small/templates/note.yaml'), 1, 1);
  await index('--helm', 'helm4');

  expect(readFileSync(join(to, 'small-1.0.0.tgz')).equals(first)).toBe(true);
});

it('refuses a chart that has changed under its version, and writes nothing', async () => {
  await index();
  const before = readFileSync(join(to, 'index.yaml'), 'utf8');
  addChart('small', '1.0.0', 'second');
  addChart('tiny', '0.1.0');

  const { code, output, errors } = await index();

  expect([code, output]).toEqual([1, 'small 1.0.0: changed\ntiny 0.1.0: new\n']);
  expect(errors).toContain('published with other contents: small 1.0.0: raise its version in Chart.yaml');
  expect(readFileSync(join(to, 'index.yaml'), 'utf8')).toBe(before);
  expect(existsSync(join(to, 'tiny-0.1.0.tgz'))).toBe(false);
});

it('keeps old versions beside new ones', async () => {
  await index();
  addChart('small', '1.1.0', 'second');

  expect(await index()).toMatchObject({ code: 0, output: 'small 1.1.0: new\n' });
  expect(listed().entries['small']?.map(({ version }) => version)).toEqual(['1.1.0', '1.0.0']);
});

describe('says what is wrong:', () => {
  it('a folder that is no chart', async () => {
    mkdirSync(join(charts, 'empty'));
    expect(await index()).toMatchObject({
      code: 1,
      errors: `hubfn: ${charts}/empty has no Chart.yaml: it is not a chart\n`,
    });
  });

  it('a chart that helm finds a fault with', async () => {
    writeFileSync(join(charts, 'small/templates/note.yaml'), '{{ .Values.a.b }}');
    const { code, errors } = await index();
    expect([code, errors]).toEqual([1, expect.stringContaining('templates/note.yaml')]);
    expect(existsSync(to)).toBe(false);
  });

  it('no helm', async () => {
    const { code, errors } = await index('--helm', 'no-helm-at-all');
    expect([code, errors]).toEqual([
      1,
      expect.stringContaining('there is no program no-helm-at-all: install helm 3 or 4'),
    ]);
  });

  it('an index that is none', async () => {
    mkdirSync(to);
    writeFileSync(join(to, 'index.yaml'), 'apiVersion: v7\n');
    expect((await index()).errors).toContain(`${to}/index.yaml is not an index of charts`);
  });

  it('a published package that is not there', async () => {
    await index();
    rmSync(join(to, 'small-1.0.0.tgz'));
    expect((await index()).errors).toContain('small-1.0.0.tgz, which is not there: bring the published packages there');
  });
});

describe('helm', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer(({ url = '' }, response) => {
      const file = join(to, basename(url));
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it.each(['helm', 'helm4'])('renders our chart from the index as from its folder: %s', async (program) => {
    cpSync(CHART, join(charts, 'hub-functions'), { recursive: true, dereference: true });
    expect(await index()).toMatchObject({ code: 0 });
    const helm = helmOf(program);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const fromIndex = await helm(['template', 'hub-functions', 'hub-functions', '--repo', url, ...KUBERNETES]);

    expect(fromIndex).toBe(await helm(['template', 'hub-functions', CHART, ...KUBERNETES]));
  });
});
