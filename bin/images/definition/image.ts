// The images that a definition makes: its own, and those of single stages, each with a tag for its contents and some that move on. Pure.
import {
  isTag,
  movedTo,
  parseImageName,
  repositoryText,
  type ImageName,
  type Place,
  type Repository,
} from '../reference';

export interface Image {
  readonly repository: Repository;
  /** Stage of the Dockerfile; absent for the last one. */
  readonly stage?: string;
  /** Says what is in it, and never moves: whoever has it, has this. */
  readonly exact: string;
  /** Show the newest one: `latest`. */
  readonly moving: readonly string[];
}

/** `TARGET stage tag`, or another image's name instead of the tag. */
export interface Target {
  readonly stage: string;
  readonly as: string;
}

export interface Named {
  readonly name: ImageName;
  /** Beside `latest`. */
  readonly tags: readonly string[];
  readonly targets: readonly Target[];
}

/** Longer ones would leave no room for the hash. */
const LONGEST_LABEL = 115;

/** Stages in the order of their lines, the whole one last: each finds the layers of those before. */
export function imagesOf({ name, tags, targets }: Named, hash: string, place?: Place): readonly Image[] {
  const own = tagged(name, hash, place);
  const stages = targets.map(({ stage, as }) => ({ ...tagged(nameOf(as, name), hash, place), stage }));
  return [...stages, { ...own, moving: [...own.moving, ...tags] }];
}

export function isLabel(text: string): boolean {
  return isTag(text) && text.length <= LONGEST_LABEL;
}

/** What stands in a TARGET line means an image: a tag of the definition's own one, or a name. */
export function isImage(text: string): boolean {
  if (isLabel(text)) return true;
  const name = parseImageName(text);
  return name !== undefined && isShort(name);
}

export function isShort({ label = '' }: ImageName): boolean {
  return label.length <= LONGEST_LABEL;
}

export function exactText({ repository, exact }: Image): string {
  return `${repositoryText(repository)}:${exact}`;
}

export function movingTexts({ repository, moving }: Image): readonly string[] {
  return moving.map((tag) => `${repositoryText(repository)}:${tag}`);
}

function nameOf(as: string, { repository }: ImageName): ImageName {
  return isLabel(as) ? { repository, label: as } : (parseImageName(as) ?? { repository });
}

function tagged({ repository, label }: ImageName, hash: string, place?: Place): Image {
  return {
    repository: place === undefined ? repository : movedTo(place, repository),
    exact: label === undefined ? hash : `${label}-${hash}`,
    moving: [label ?? 'latest'],
  };
}
