// `hubfn charts index`: packs each chart of a folder and lists it for `helm repo add`; what is published never changes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { AppError } from '../../lib/errors';
import { usageError, type Command, type Terminal } from '../command';
import { packWithHelm } from './helm';
import { readPackage, type ChartPackage } from './package';
import { EMPTY_INDEX, indexSchema, outcomeOf, publishedEntry, withEntries } from './plan';
import type { Candidate, ChartIndex, IndexEntry, Outcome } from './plan';

export const indexCharts: Command = {
  name: 'charts index',
  summary: 'pack charts and list them for helm repo add; what is published is never changed',
  usage: `[FOLDER] [options]
  FOLDER         holds a folder for each chart (default: charts)
  --to FOLDER    where packages and index.yaml are, and are added to (default: dist/charts)
  --url URL      where that folder will be found (default: beside index.yaml)
  --helm PROGRAM (default: helm)

A chart that has changed since its version was published is refused, and nothing is written: raise the version.`,
  run: runIndex,
};

const INDEX = 'index.yaml';

interface Judged {
  readonly chart: ChartPackage;
  readonly outcome: Outcome;
}

async function runIndex(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: 'string', default: 'dist/charts' },
      url: { type: 'string', default: '' },
      helm: { type: 'string', default: 'helm' },
    },
  });
  if (positionals.length > 1) throw usageError('give one folder of charts');
  const folders = chartsIn(positionals[0] ?? 'charts');
  const index = readIndex(join(values.to, INDEX));
  const judged: Judged[] = [];
  for (const folder of folders) {
    const chart = await packed(folder, values.helm);
    judged.push({ chart, outcome: outcomeOf(candidateOf(chart), await publishedContents(index, chart, values.to)) });
  }
  for (const { chart, outcome } of judged)
    terminal.write(`${chart.metadata.name} ${chart.metadata.version}: ${outcome}\n`);
  refuseChanged(judged);
  publish(index, judged, { ...values, now: terminal.clock() });
}

function chartsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) throw usageError(`there is no folder ${folder}`);
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = entries.map(({ name }) => join(folder, name));
  const bare = paths.find((path) => !existsSync(join(path, 'Chart.yaml')));
  if (bare !== undefined) throw new AppError('no_chart', 400, `${bare} has no Chart.yaml: it is not a chart`);
  if (paths.length === 0) throw usageError(`there is no chart in ${folder}`);
  return paths;
}

function readIndex(file: string): ChartIndex {
  if (!existsSync(file)) return EMPTY_INDEX;
  const index = indexSchema.safeParse(parse(readFileSync(file, 'utf8')));
  if (index.success) return index.data;
  throw new AppError('index_broken', 400, `${file} is not an index of charts: ${index.error.issues[0]?.message}`);
}

async function packed(folder: string, helm: string): Promise<ChartPackage> {
  const own = mkdtempSync(join(tmpdir(), 'hubfn-chart-'));
  try {
    return await readPackage(await packWithHelm(helm, folder, own), folder);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function candidateOf({ metadata: { name, version }, contents }: ChartPackage): Candidate {
  return { name, version, contents };
}

async function publishedContents(index: ChartIndex, chart: ChartPackage, to: string): Promise<string | undefined> {
  const entry = publishedEntry(index, candidateOf(chart));
  if (entry === undefined) return undefined;
  const file = join(to, basename(entry.urls[0] ?? ''));
  if (existsSync(file)) return (await readPackage(readFileSync(file), file)).contents;
  const advice = 'bring the published packages there, or another --to';
  throw new AppError('package_missing', 400, `${join(to, INDEX)} lists ${file}, which is not there: ${advice}`);
}

function refuseChanged(judged: readonly Judged[]): void {
  const changed = judged.filter(({ outcome }) => outcome === 'changed').map(({ chart: { metadata } }) => metadata);
  if (changed.length === 0) return;
  const named = changed.map(({ name, version }) => `${name} ${version}`).join(', ');
  const advice = 'raise its version in Chart.yaml; nothing was written';
  throw new AppError('chart_changed', 409, `published with other contents: ${named}: ${advice}`);
}

interface Destination {
  readonly to: string;
  readonly url: string;
  readonly now: Date;
}

/** Packages first: an index never lists what is not there. */
function publish(index: ChartIndex, judged: readonly Judged[], { to, url, now }: Destination): void {
  const added = judged.filter(({ outcome }) => outcome === 'new').map(({ chart }) => chart);
  if (added.length === 0) return;
  mkdirSync(to, { recursive: true });
  for (const { file, bytes } of added) writeFileSync(join(to, file), bytes);
  const entries = added.map(({ metadata, file, bytes }): IndexEntry => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    return {
      ...metadata,
      created: now.toISOString(),
      digest,
      urls: [url === '' ? file : `${url.replace(/\/$/, '')}/${file}`],
    };
  });
  const next = { ...withEntries(index, entries), generated: now.toISOString() };
  writeFileSync(join(to, INDEX), stringify(next, { lineWidth: 0 }));
}
