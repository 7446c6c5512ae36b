// What dashboard and alerts ask for is what the functions tell: names of metrics and labels, compared with a scrape of each of them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { eventually } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import { createLogs, type Logs } from '../../support/logs';
import { askedIn, toldIn, type Series } from '../../support/promql';

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly query: string | { readonly query: string } }[] };
}

interface Rules {
  readonly spec: { readonly groups: readonly { readonly rules: readonly { alert: string; expr: string }[] }[] };
}

const dashboard = JSON.parse(readFileSync('deploy/monitoring/dashboard.json', 'utf8')) as Dashboard;
const rules = parse(readFileSync('deploy/monitoring/rules.yaml', 'utf8')) as Rules;
const functions = readdirSync('functions');

const PANELS = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));
const ALERTS = rules.spec.groups.flatMap((group) => group.rules.map(({ alert, expr }) => [alert, expr] as const));
/** Those that the scrape adds: deploy/monitoring/podmonitor.yaml. */
const ADDED = ['namespace', 'function', 'pod'];

let folder: string;
let logs: Logs;
let told: ReadonlyMap<string, Series>;

/** A log handler is counted where there is one. */
async function scrape(name: string): Promise<string> {
  const { world, instance } = logs;
  const running: Readonly<Record<string, FunctionProcess>> = { services: world.services, logs: instance };
  const { request } = running[name] ?? (await world.addFunction(name, { MOVER_IMAGE: 'mover:1' }));
  return eventually(async () => {
    const { text } = await request('GET', '/metrics');
    if (!text.includes('hub_functions_log_taken_total{')) throw new Error(`${name} tells:\n${text.slice(-2_000)}`);
    return text;
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-monitoring-'));
  logs = await createLogs({ files: [`${folder}/*`] });
  await logs.set('POST', 'file', { level: 'INFO', filename: `${folder}/<function>.log` });
  told = toldIn((await Promise.all(functions.map(scrape))).join('\n'));
}, 120_000);

afterAll(async () => {
  await logs?.world.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([...PANELS, ...ALERTS])('%s: %s', (_where, expression) => {
  const { metrics, labels } = askedIn(expression);
  expect(metrics.length).toBeGreaterThan(0);
  for (const metric of metrics) expect([...told.keys()]).toContain(metric);
  const known = new Set([...ADDED, ...metrics.flatMap((metric) => [...(told.get(metric)?.labels ?? [])])]);
  expect(labels.filter((label) => !known.has(label))).toEqual([]);
});

test('choices of the dashboard are read from a metric that each function tells', () => {
  const queries = dashboard.templating.list.flatMap(({ query }) => (typeof query === 'string' ? [] : [query.query]));
  expect(queries).toHaveLength(2);
  for (const query of queries) expect(query).toMatch(/^label_values\(hub_functions_http_requests_total\b/);
  expect(told.get('hub_functions_http_requests_total')?.count).toBe(3 * functions.length);
});

test('every counter of our own is shown', () => {
  const shown = new Set(PANELS.flatMap(([, expression]) => askedIn(expression).metrics));
  const own = [...told.keys()].filter((name) => name.startsWith('hub_functions_') && name.endsWith('_total'));
  expect(own.filter((name) => !shown.has(name))).toEqual([]);
});

test('a scrape is neither counted nor logged', async () => {
  const { request, output } = logs.world.services;
  const counted = async (): Promise<number | undefined> =>
    toldIn((await request('GET', '/metrics')).text).get('hub_functions_http_request_seconds_count')?.last;
  const before = (await counted()) ?? 0;
  await counted();
  expect(await counted()).toBe(before);
  await request('GET', '/api/services/');
  expect(await counted()).toBe(before + 1);
  expect(output()).not.toContain('"/metrics"');
});

test('Prometheus looks for each function, and for nobody else', () => {
  const monitor = parse(readFileSync('deploy/monitoring/podmonitor.yaml', 'utf8')) as {
    spec: { selector: { matchExpressions: readonly { values: readonly string[] }[] } };
  };
  const values = monitor.spec.selector.matchExpressions.flatMap((expression) => expression.values);
  expect(values).toEqual(functions.map((name) => `hub-functions-${name}`));
});
