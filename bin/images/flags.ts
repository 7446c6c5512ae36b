// The options that all commands of `hubfn images` take, and what they mean.
import { usageError, type Terminal } from '../command';
import { parseBuildArgument } from './definition/buildArguments';
import type { Asked } from './definition/definition';
import { parsePlace } from './reference';
import { TOOLS, type ToolName } from './tool/tools';

export const commonOptions = {
  applications: { type: 'string', default: 'applications' },
  registry: { type: 'string' },
  'build-arg': { type: 'string', multiple: true, default: [] as string[] },
  tool: { type: 'string' },
  insecure: { type: 'boolean' },
} as const;

export const commonUsage = `      --applications FOLDER  holds <name>/Dockerfile, ... (default: applications)
      --registry HOST[/PATH] in place of the registry that image_name.txt tells (HUBFN_REGISTRY)
      --build-arg NAME=VALUE before those of build_args.txt; it enters the tag; may be repeated
      --tool TOOL            docker, podman or buildah (default: the first that works; HUBFN_IMAGE_TOOL)
      --insecure             plain HTTP to the registry; --no-insecure: TLS also to one on this machine`;

export const workOptions = {
  ...commonOptions,
  jobs: { type: 'string', short: 'j' },
  verbose: { type: 'boolean', short: 'v', default: false },
  'exit-zero': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
} as const;

export const workUsage = `  -j, --jobs NUMBER          how many at once (default: 2)
  -v, --verbose              what the tool says, too
      --exit-zero            exit with 0 also where nothing was to do
      --dry-run              print the commands that would run
${commonUsage}

exit code: 0 done, 1 nothing to do, 2 wrong arguments or definitions, 3 failed.`;

interface Common {
  readonly applications: string;
  readonly registry?: string | undefined;
  readonly 'build-arg': readonly string[];
}

export function askedBy(values: Common, { environment }: Pick<Terminal, 'environment'>): Asked {
  const registry = values.registry ?? (environment['HUBFN_REGISTRY'] || undefined);
  const place = registry === undefined ? undefined : parsePlace(registry);
  if (registry !== undefined && place === undefined)
    throw usageError(`--registry ${registry}: give HOST[:PORT][/PATH]`);
  return {
    applications: values.applications,
    buildArguments: Object.fromEntries(values['build-arg'].map(argumentOf)),
    place,
  };
}

function argumentOf(text: string): readonly [string, string] {
  const pair = parseBuildArgument(text);
  if (pair === undefined) throw usageError(`--build-arg ${text}: give NAME=VALUE`);
  return pair;
}

const USUAL_JOBS = 2;

export function jobsOf(text: string | undefined): number {
  if (text === undefined) return USUAL_JOBS;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw usageError(`--jobs ${text} is no whole number from 1 on`);
}

export function toolOf(tool: string | undefined, { environment }: Pick<Terminal, 'environment'>): ToolName | undefined {
  const asked = tool ?? (environment['HUBFN_IMAGE_TOOL'] || undefined);
  const known = TOOLS.find((name) => name === asked);
  if (asked !== undefined && known === undefined) throw usageError(`--tool is ${TOOLS.join(', ')}, not ${asked}`);
  return known;
}
