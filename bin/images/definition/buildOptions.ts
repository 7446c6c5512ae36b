// ops/build_options.txt: whether an image is built and pushed, and which of its stages are images, too. Pure.
import type { Faulty } from './faults';
import { isImage, type Target } from './image';

export interface BuildOptions {
  readonly build: boolean;
  readonly push: boolean;
  readonly targets: readonly Target[];
}

/** A definition without the file is meant to be used. */
export const ABSENT: BuildOptions = { build: true, push: true, targets: [] };

const SWITCHES = ['build', 'push'] as const;
const FORMS = '"build: true", "push: false", "TARGET stage tag"';

export function parseBuildOptions(text: string): Faulty<BuildOptions> {
  const faults: string[] = [];
  const switches = new Map<string, boolean>();
  const targets: Target[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const fault = take(line, { switches, targets });
    if (fault !== undefined) faults.push(`line ${index + 1}: ${fault}`);
  }
  // A line that could not be read may have been meant for it.
  const missing = faults.length > 0 ? [] : SWITCHES.filter((name) => !switches.has(name));
  faults.push(...missing.map((name) => `${name} is missing: write "${name}: true" or "${name}: false"`));
  return { value: { build: switches.get('build') === true, push: switches.get('push') === true, targets }, faults };
}

interface Taken {
  readonly switches: Map<string, boolean>;
  readonly targets: Target[];
}

/** Answers what is wrong with the line. */
function take(line: string, { switches, targets }: Taken): string | undefined {
  const target = parseTarget(line);
  if (target !== undefined) {
    targets.push(target);
    return targetFault(target);
  }
  const [, name = '', value] = /^(\w+)\s*:\s*(true|false)$/.exec(line) ?? [];
  if (!SWITCHES.some((each) => each === name)) return `"${line}" is none of ${FORMS}`;
  if (switches.has(name)) return `${name} is said twice`;
  switches.set(name, value === 'true');
  return undefined;
}

export function parseTarget(line: string): Target | undefined {
  const [, stage, as] = /^TARGET\s+(\S+)\s+(\S+)$/.exec(line) ?? [];
  return stage === undefined || as === undefined ? undefined : { stage, as };
}

export function targetFault({ as }: Target): string | undefined {
  return isImage(as) ? undefined : `${as} is neither a tag nor the name of an image`;
}
