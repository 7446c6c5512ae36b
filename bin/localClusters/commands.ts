// `hubfn cluster up|down`: a cluster on this machine, with what the functions need and their images, without a registry.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutRoot } from '../checkout';
import { usageError, type Command, type Terminal } from '../command';
import { contextOf, downPlan, IMAGE_PREFIX, scriptOf, TOOLS, upPlan, type Step, type Tool, type Wanted } from './plan';
import { runSteps } from './run';

const PLATFORMS = ['knative', 'deployment'] as const;
/** It becomes part of names of containers and contexts. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

const common = {
  name: { type: 'string', default: 'hub-functions' },
  print: { type: 'boolean', default: false },
} as const;
const commonUsage = `      --name NAME       of the cluster (default: hub-functions)
      --print           show the commands as a script, and run none`;

const up: Command = {
  name: 'cluster up',
  summary: 'make a cluster on this machine, with the images of the functions',
  usage: `${TOOLS.join('|')} [options]
${commonUsage}
      --platform NAME   knative (installs it, too) or deployment; default: knative
      --no-images       neither build nor load the images of the functions

Needs Docker. What is there already stays, so that it can be said again.`,
  run: runUp,
};

const down: Command = {
  name: 'cluster down',
  summary: 'remove such a cluster with all that is in it',
  usage: `${TOOLS.join('|')} [options]\n${commonUsage}`,
  run: runDown,
};

export const clusterCommands: readonly Command[] = [up, down];

async function runUp(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...common,
      platform: { type: 'string', default: 'knative' },
      'no-images': { type: 'boolean', default: false },
    },
  });
  const platform = PLATFORMS.find((name) => name === values.platform);
  if (platform === undefined) throw usageError(`--platform is ${PLATFORMS.join(' or ')}, not ${values.platform}`);
  const root = checkoutRoot();
  const images = values['no-images'] ? [] : imagesOf(root);
  const wanted = { ...chosen(positionals, values.name), withKnative: platform === 'knative', images };
  await carryOut(upPlan(wanted), { isPrinted: values.print, root, terminal });
  if (!values.print) terminal.write(nextSteps(wanted, platform));
}

async function runDown(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: common });
  const root = checkoutRoot();
  await carryOut(downPlan(chosen(positionals, values.name)), { isPrinted: values.print, root, terminal });
}

interface Manner {
  readonly isPrinted: boolean;
  readonly root: string;
  readonly terminal: Terminal;
}

async function carryOut(steps: readonly Step[], { isPrinted, root, terminal }: Manner): Promise<void> {
  if (isPrinted) terminal.write(scriptOf(steps));
  else await runSteps(steps, { folder: root, terminal });
}

function chosen(positionals: readonly string[], name: string): { readonly tool: Tool; readonly name: string } {
  const [word, ...rest] = positionals;
  const tool = TOOLS.find((each) => each === word);
  if (tool === undefined)
    throw usageError(`say which: ${TOOLS.join(', ')}${word === undefined ? '' : `, not ${word}`}`);
  if (rest.length > 0) throw usageError(`one cluster at a time, not also ${rest.join(' ')}`);
  if (!NAME.test(name)) throw usageError(`--name is made of a-z, 0-9 and -, at most 32 of them, not ${name}`);
  return { tool, name };
}

/** As `npm run build:images` names them. */
function imagesOf(root: string): readonly string[] {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return [...readdirSync(join(root, 'functions')), 'mover'].map((name) => `${IMAGE_PREFIX}-${name}:${version}`);
}

function nextSteps(wanted: Wanted, platform: (typeof PLATFORMS)[number]): string {
  const context = contextOf(wanted);
  const how = platform === 'knative' ? `  kubectl --context ${context} -n jhub apply -k dist/deploy\n` : '';
  const elsewhere = platform === 'knative' ? '' : '  docs/helm.md says how to install without Knative\n';
  return `
the cluster is there, as context ${context}. Next:
  kubectl --context ${context} create namespace jhub
  npx hubfn doctor --context ${context} -n jhub --platform ${platform}
${how}${elsewhere}  npx hubfn credentials add jupyterhub --context ${context} -n jhub --token
`;
}
