// What an image is called: image_name.txt, or comments in the Dockerfile. Pure.
import { parseImageName, type ImageName } from '../reference';
import { parseTarget, targetFault } from './buildOptions';
import type { Comment, Dockerfile } from './dockerfile';
import { inFile, type Faulty } from './faults';
import { isLabel, isShort, type Named, type Target } from './image';

export interface Told {
  /** Contents of image_name.txt; undefined where there is none. */
  readonly nameFile: string | undefined;
  readonly dockerfile: Dockerfile;
  /** Of ops/build_options.txt. */
  readonly targets: readonly Target[];
}

/** Undefined where it has faults. */
export function namedBy({ nameFile, dockerfile, targets }: Told): Faulty<Named | undefined> {
  const { comments, stages } = dockerfile;
  const names = comments.filter(({ word }) => word === 'IMAGE');
  const told = [...(nameFile === undefined ? [] : [nameFile.trim()]), ...names.map(({ rest }) => rest)];
  const name = parseImageName(told[0] ?? '');
  const commented = comments
    .filter(({ word }) => word === 'TARGET')
    .map((comment) => ({ comment, target: targetOf(comment) }));
  const all = [...targets, ...commented.flatMap(({ target }) => target ?? [])];
  const tags = comments.filter(({ word }) => word === 'TAG');
  const faults = [
    ...nameFaults(told, name),
    ...inFile(
      'Dockerfile',
      tags.filter(({ rest }) => !isLabel(rest)).map(({ line, rest }) => `line ${line}: "${rest}" is no tag`),
    ),
    ...inFile(
      'Dockerfile',
      commented.flatMap(({ comment, target }) => commentFault(comment, target) ?? []),
    ),
    ...targetFaults(
      all,
      stages.flatMap((stage) => stage.name ?? []),
    ),
  ];
  return { value: name && { name, tags: tags.map(({ rest }) => rest), targets: all }, faults };
}

function nameFaults(told: readonly string[], name: ImageName | undefined): readonly string[] {
  if (told.length === 0)
    return ['image_name.txt is missing: write the name of the image into it, like registry.example.org/team/image'];
  if (new Set(told).size > 1)
    return [`it is called ${told.join(' and ')}: name it once, in image_name.txt or by #IMAGE in the Dockerfile`];
  if (name === undefined) return [`"${told[0]}" is no name of an image; one is registry.example.org/team/image`];
  return isShort(name) ? [] : [`"${told[0]}" has too long a tag`];
}

function targetOf({ rest }: Comment): Target | undefined {
  return parseTarget(`TARGET ${rest}`);
}

function commentFault({ line, rest }: Comment, target: Target | undefined): string | undefined {
  const fault = target === undefined ? `"${rest}" is no stage and a tag` : targetFault(target);
  return fault === undefined ? undefined : `line ${line}: ${fault}`;
}

function targetFaults(targets: readonly Target[], stages: readonly string[]): readonly string[] {
  const known = new Set(stages);
  const unknown = targets.filter(({ stage }) => !known.has(stage.toLowerCase()));
  const taken = targets.map(({ as }) => as);
  const twice = new Set(taken.filter((as, index) => taken.indexOf(as) < index));
  const names = stages.length === 0 ? 'it names none' : `it has ${stages.join(', ')}`;
  return [
    ...unknown.map(({ stage }) => `TARGET ${stage}: the Dockerfile has no such stage; ${names}`),
    ...[...twice].map((as) => `TARGET: ${as} is said of two stages`),
  ];
}
