// `hubfn images push`: what the registry has already is not sent again, and no tag leads to half an image.
import { AppError } from '../../lib/errors';
import { hasCode } from '../../lib/kube/errors';
import type { Command } from '../command';
import type { OwnBench } from './bench';
import type { Definition } from './definition/definition';
import { exactText, type Image } from './definition/image';
import { workUsage } from './flags';
import type { Outcome } from './outcome';
import { repositoryText } from './reference';
import { isInsecure, openRegistry, type Registry } from './registry/registry';
import { pushArguments } from './tool/tools';
import { runWork } from './work';

export const push: Command = {
  name: 'images push',
  summary: 'push the images that their registry does not have',
  usage: `[NAME...] [options]
      --force                also what is there already
${workUsage}

Logins are those of docker, podman and buildah login.

examples:
  hubfn images build && hubfn images push
  hubfn images push singleuser --registry registry.example.org/team`,
  run: async (args, terminal) => runWork(args, terminal, { verb: 'pushing', one: pushOne }),
};

async function pushOne(definition: Definition, bench: OwnBench): Promise<Outcome> {
  const { images, options } = definition;
  if (!options.push) return { kind: 'off', text: 'not pushed: ops/build_options.txt says push: false' };
  let changes = 0;
  for (const image of images) changes += await pushImage(image, { name: definition.name, bench });
  const names = images.map(exactText).join(', ');
  if (changes === 0) return { kind: 'there', text: `already pushed: ${names}` };
  return { kind: 'done', text: `${bench.isDry ? 'would push' : 'pushed'} ${names}` };
}

interface Pushing {
  readonly name: string;
  readonly bench: OwnBench;
}

/** Answers how many tags have come to lead to it. */
async function pushImage(image: Image, pushing: Pushing): Promise<number> {
  const { bench } = pushing;
  const registry = await openRegistry(image.repository, bench);
  const there = await registry.digestOf(image.exact);
  const isSent = there === undefined || bench.isForced;
  if (isSent) await sendImage(image, pushing);
  if (isSent && bench.isDry) return 1;
  const digest = isSent ? await registry.digestOf(image.exact) : there;
  if (digest === undefined)
    throw new AppError(
      'push_lost',
      503,
      `${exactText(image)} was pushed, but ${image.repository.host} does not have it`,
    );
  return (isSent ? 1 : 0) + (await pointAll(image, { registry, digest, isDry: bench.isDry }));
}

async function sendImage(image: Image, { name, bench }: Pushing): Promise<void> {
  const tool = await bench.tool();
  const exact = exactText(image);
  if (!(await bench.local()).has(exact))
    throw new AppError('not_built', 409, `${exact} is not built: hubfn images build ${name}`);
  const pushed = { name: exact, insecure: isInsecure(image.repository, bench.insecure) };
  if (bench.isDry) return bench.print([tool.name, ...pushArguments(tool.name, pushed)]);
  await tool.push(pushed, bench.tell).catch((error: unknown) => {
    throw told(error, image, tool.name);
  });
}

/** With what may be done about it. */
function told(error: unknown, image: Image, tool: string): unknown {
  const { host } = image.repository;
  if (hasCode(error, 'tool_refused')) {
    const fix = `${host} refuses to take ${repositoryText(image.repository)}: ${tool} login ${host}, as somebody who may push there`;
    return new AppError('registry_refused', 403, `${error.message}\n${fix}`);
  }
  if (!hasCode(error, 'tool_away')) return error;
  const fix = `${host} went away in the middle of it. Run it again when it is back: layers that arrived stay there, and no tag leads to half an image`;
  return new AppError('registry_away', 503, `${error.message}\n${fix}`);
}

interface Pointed {
  readonly registry: Registry;
  readonly digest: string;
  readonly isDry: boolean;
}

/** Only when all of the image is there; also back to a former one. */
async function pointAll({ moving, exact }: Image, { registry, digest, isDry }: Pointed): Promise<number> {
  let moved = 0;
  for (const tag of moving) {
    if ((await registry.digestOf(tag)) === digest) continue;
    if (!isDry) await registry.point(tag, exact);
    moved += 1;
  }
  return moved;
}
