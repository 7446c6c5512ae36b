// `hubfn images list`: what each definition makes, under which tag, and where that is.
import { parseArgs } from 'node:util';
import { AppError } from '../../lib/errors';
import { isJson } from '../cluster';
import type { Command, Terminal } from '../command';
import { mapSome } from '../jobs/mapSome';
import { table } from '../jobs/table';
import type { Definition } from './definition/definition';
import { readDefinitions } from './definition/definitions';
import { exactText, type Image } from './definition/image';
import { askedBy, commonOptions, commonUsage, toolOf } from './flags';
import { openRegistry, type Way } from './registry/registry';
import { findTool } from './tool/tool';
import type { ToolName } from './tool/tools';
import { refusedWith } from './work';

export const list: Command = {
  name: 'images list',
  summary: 'show what each definition makes, and what of it is built and pushed',
  usage: `[NAME...] [options]
      --remote               ask the registries, too
  -o, --output text|json     (default: text)
${commonUsage}

exit code: 0, 2 for wrong arguments or definitions, 3 when a registry could not be asked.`,
  run: async (args, terminal) => runList(args, terminal).catch((error: unknown) => refusedWith(error, terminal)),
};

interface Row {
  readonly name: string;
  readonly image: string;
  readonly stage?: string;
  readonly build: boolean;
  readonly push: boolean;
  /** Undefined where there is nothing that builds. */
  readonly built?: boolean;
  /** Undefined where nobody asked. */
  readonly pushed?: boolean;
}

const options = {
  ...commonOptions,
  remote: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o', default: 'text' },
} as const;

async function runList(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, allowNegative: true, options });
  const asJson = isJson(values.output);
  const definitions = await readDefinitions(positionals, askedBy(values, terminal));
  const local = await localImages(toolOf(values.tool, terminal), terminal);
  const way = { environment: terminal.environment, insecure: values.insecure };
  const images = definitions.flatMap((definition) => definition.images.map((image) => ({ definition, image })));
  const rows = await mapSome(images, async ({ definition, image }) =>
    rowOf(definition, image, { local, way, isRemote: values.remote }),
  );
  terminal.write(asJson ? `${JSON.stringify(rows)}\n` : table([HEAD, ...rows.map(cellsOf)]));
  return 0;
}

/** Undefined where there is no tool; one that was asked for has to be there. */
async function localImages(
  tool: ToolName | undefined,
  { environment }: Terminal,
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return await (await findTool(tool, { environment })).local();
  } catch (error) {
    if (tool === undefined && error instanceof AppError) return undefined;
    throw error;
  }
}

interface Around {
  readonly local: ReadonlyMap<string, string> | undefined;
  readonly way: Way;
  readonly isRemote: boolean;
}

async function rowOf(
  { name, options: { build, push } }: Definition,
  image: Image,
  { local, way, isRemote }: Around,
): Promise<Row> {
  const exact = exactText(image);
  const digest = isRemote ? await (await openRegistry(image.repository, way)).digestOf(image.exact) : undefined;
  return {
    name,
    image: exact,
    ...(image.stage !== undefined && { stage: image.stage }),
    build,
    push,
    ...(local !== undefined && { built: local.has(exact) }),
    ...(isRemote && { pushed: digest !== undefined }),
  };
}

const HEAD = ['NAME', 'STAGE', 'BUILD', 'PUSH', 'BUILT', 'PUSHED', 'IMAGE'];

function cellsOf({ name, stage = '-', build, push, built, pushed, image }: Row): readonly string[] {
  return [name, stage, ...[build, push, built, pushed].map(said), image];
}

function said(value: boolean | undefined): string {
  if (value === undefined) return '-';
  return value ? 'yes' : 'no';
}
