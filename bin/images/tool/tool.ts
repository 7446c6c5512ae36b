// The builder of this machine: found, and asked to build, to tag, to push, and for what it holds.
import { AppError } from '../../../lib/errors';
import { exactText, type Image } from '../definition/image';
import { canonical } from '../reference';
import { failureOf } from './failure';
import { run, type RunOptions } from './run';
import {
  buildArguments,
  listArguments,
  probeArguments,
  pushArguments,
  tagArguments,
  TOOLS,
  type Built,
  type ToolName,
} from './tools';

export interface Tool {
  readonly name: ToolName;
  /** Ids by name and tag, as `reference.ts` writes them. */
  readonly local: () => Promise<ReadonlyMap<string, string>>;
  readonly build: (built: Built, tell?: RunOptions['tell']) => Promise<void>;
  readonly tag: (from: string, to: string) => Promise<void>;
  readonly push: (
    pushed: { readonly name: string; readonly insecure: boolean },
    tell?: RunOptions['tell'],
  ) => Promise<void>;
}

type Environment = Pick<RunOptions, 'environment' | 'signal'>;

/** The one that is asked for, or the first that works. */
export async function findTool(asked: ToolName | undefined, { environment, signal }: Environment): Promise<Tool> {
  const wanted = asked === undefined ? TOOLS : [asked];
  const troubles: string[] = [];
  for (const name of wanted) {
    const { code, said, isMissing } = await run([name, ...probeArguments(name)], { environment, signal });
    if (code === 0) return createTool(name, { environment, signal });
    troubles.push(`${name} ${isMissing ? 'is not installed' : `does not work: ${failureOf(said).words}`}`);
  }
  throw new AppError(
    'no_tool',
    500,
    `there is nothing that builds images. Install one of ${TOOLS.join(', ')}\n  ${troubles.join('\n  ')}`,
  );
}

function createTool(name: ToolName, options: Environment): Tool {
  // docker has no flag for what `--timestamp` is to the others.
  const environment = { SOURCE_DATE_EPOCH: '0', ...options.environment };
  const ask = async (args: readonly string[], tell?: RunOptions['tell']): Promise<string> => {
    const { code, said, output } = await run([name, ...args], { ...options, environment, tell });
    if (code === 0) return output;
    if (options.signal?.aborted) throw new AppError('interrupted', 500, 'interrupted');
    const { reason, words } = failureOf(said.trim() === '' ? output : said);
    throw new AppError(`tool_${reason}`, 500, `${name} ${args[0]} failed:\n${words.replaceAll(/^/gm, '  ')}`);
  };
  return {
    name,
    local: async () => localImages(await ask(listArguments(name))),
    build: async (built, tell) => void (await ask(buildArguments(name, built), tell)),
    tag: async (from, to) => void (await ask(tagArguments(from, to))),
    push: async (pushed, tell) => void (await ask(pushArguments(name, pushed), tell)),
  };
}

function localImages(listed: string): ReadonlyMap<string, string> {
  const pairs = listed.split('\n').flatMap((line): (readonly [string, string])[] => {
    const [id = '', text = ''] = line.trim().split(/\s+/);
    const name = canonical(text);
    return name === undefined ? [] : [[name, id]];
  });
  return new Map(pairs);
}

/** All its images, by their tags for these very contents; a name that merely looks alike is another one's. */
export function isLocal(images: readonly Image[], local: ReadonlyMap<string, string>): boolean {
  return images.every((image) => local.has(exactText(image)));
}
