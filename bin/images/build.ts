// `hubfn images build`: an image whose tag is there already is not built again.
import { join } from 'node:path';
import type { Command } from '../command';
import type { OwnBench } from './bench';
import type { Definition } from './definition/definition';
import { exactText, movingTexts, type Image } from './definition/image';
import { workUsage } from './flags';
import type { Outcome } from './outcome';
import { isInsecure } from './registry/registry';
import { withContext } from './stage';
import { isLocal, type Tool } from './tool/tool';
import { buildArguments, type Built } from './tool/tools';
import { runWork } from './work';

export const build: Command = {
  name: 'images build',
  summary: 'build the images whose contents have changed',
  usage: `[NAME...] [options]
      --force                also what is there already
${workUsage}

examples:
  hubfn images build
  hubfn images build singleuser --tool buildah`,
  run: async (args, terminal) => runWork(args, terminal, { verb: 'building', one: buildOne }),
};

async function buildOne(definition: Definition, bench: OwnBench): Promise<Outcome> {
  const { images, options } = definition;
  if (!options.build) return { kind: 'off', text: 'not built: ops/build_options.txt says build: false' };
  const tool = await bench.tool();
  const local = await bench.local();
  const names = images.map(exactText).join(', ');
  if (isLocal(images, local) && !bench.isForced) {
    const moved = bench.isDry ? 0 : await pointAll(images, { tool, local });
    return { kind: 'there', text: `already built: ${names}${moved === 0 ? '' : '; other tags lead to it again'}` };
  }
  for (const name of definition.unpinned) bench.warn(pinning(name));
  if (bench.isDry) {
    const folder = join(bench.applications, definition.name);
    for (const image of images)
      bench.print([tool.name, ...buildArguments(tool.name, builtOf(image, { definition, bench, folder }))]);
    return { kind: 'done', text: `would build ${names}` };
  }
  await withContext(definition.files, async (folder) => {
    for (const image of images) await tool.build(builtOf(image, { definition, bench, folder }), bench.tell);
  });
  return { kind: 'done', text: `built ${names}` };
}

function pinning(name: string): string {
  return `stands on ${name}, which may become another without its tag telling: write ${name}@sha256:...`;
}

interface Around {
  readonly definition: Definition;
  readonly bench: OwnBench;
  readonly folder: string;
}

function builtOf(image: Image, { definition, bench, folder }: Around): Built {
  const insecure = isInsecure(image.repository, bench.insecure);
  return { image, folder, buildArguments: definition.buildArguments, insecure };
}

interface Held {
  readonly tool: Tool;
  readonly local: ReadonlyMap<string, string>;
}

/** Who goes back to former contents wants `latest` to go back, too. Answers how many did. */
async function pointAll(images: readonly Image[], { tool, local }: Held): Promise<number> {
  const pairs = images.flatMap((image) => movingTexts(image).map((name) => ({ name, exact: exactText(image) })));
  const astray = pairs.filter(({ name, exact }) => local.get(name) !== local.get(exact));
  for (const { name, exact } of astray) await tool.tag(exact, name);
  return astray.length;
}
