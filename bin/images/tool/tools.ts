// docker, podman and buildah: the words that each of them takes. Pure.
import { exactText, movingTexts, type Image } from '../definition/image';
import type { BuildArguments } from '../definition/dockerfile';

export const TOOLS = ['docker', 'podman', 'buildah'] as const;
export type ToolName = (typeof TOOLS)[number];

export interface Built {
  readonly image: Image;
  readonly buildArguments: BuildArguments;
  /** The build context; its Dockerfile is in it. */
  readonly folder: string;
  readonly insecure: boolean;
}

/** Answers only where it can build: docker's own program is of no use without its daemon. */
export function probeArguments(tool: ToolName): readonly string[] {
  return tool === 'docker' ? ['version', '--format', '{{.Server.Version}}'] : ['--version'];
}

export function buildArguments(
  tool: ToolName,
  { image, buildArguments: given, folder, insecure }: Built,
): readonly string[] {
  const names = [exactText(image), ...movingTexts(image)];
  return [
    'build',
    ...REPRODUCIBLE[tool],
    ...(insecure && tool !== 'docker' ? ['--tls-verify=false'] : []),
    ...(image.stage === undefined ? [] : ['--target', image.stage]),
    ...Object.entries(given).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...names.flatMap((name) => ['--tag', name]),
    '--file',
    `${folder}/Dockerfile`,
    folder,
  ];
}

/** Layers are kept, so that a stage that is an image is not built twice; and nothing in them tells when that was. docker is told by SOURCE_DATE_EPOCH. */
const REPRODUCIBLE: Readonly<Record<ToolName, readonly string[]>> = {
  docker: [],
  podman: ['--layers', '--timestamp', '0'],
  buildah: ['--layers', '--timestamp', '0'],
};

/** Lines of an id and a name with its tag. */
export function listArguments(tool: ToolName): readonly string[] {
  const name = tool === 'buildah' ? '{{.ID}} {{.Name}}:{{.Tag}}' : '{{.ID}} {{.Repository}}:{{.Tag}}';
  return ['images', '--format', name];
}

export function tagArguments(from: string, to: string): readonly string[] {
  return ['tag', from, to];
}

export function pushArguments(
  tool: ToolName,
  { name, insecure }: { readonly name: string; readonly insecure: boolean },
): readonly string[] {
  return ['push', ...(insecure && tool !== 'docker' ? ['--tls-verify=false'] : []), name];
}

/** As it can be pasted into a shell. */
export function commandText(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}
