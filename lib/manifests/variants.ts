// Which files of a description a caller gets: variants of other stages and credentials are left out, its own are renamed.

export interface Audience {
  /** Undefined when the installation has no stages. */
  readonly stage: string | undefined;
  readonly credential: string;
}

export interface KnownNames {
  /** Names that count as a stage or a credential when a file name begins with them. */
  readonly stages: readonly string[];
  readonly credentials: readonly string[];
}

interface Variant {
  readonly stage?: string;
  readonly credential?: string;
  readonly rest: string;
}

/** A file that travels, under the name it gets. */
export interface Selected {
  readonly source: string;
  readonly target: string;
}

/** True when no stage or credential other than the caller's is named by the file (or folder) name. */
export function isMeantFor(name: string, audience: Audience, known: KnownNames): boolean {
  const { stage, credential } = variantOf(name, audience, known);
  return (stage ?? audience.stage) === audience.stage && (credential ?? audience.credential) === audience.credential;
}

/** Strips the variant from the last segment of each path; of several that then coincide the most specific one wins. */
export function renameVariants(paths: readonly string[], audience: Audience, known: KnownNames): readonly Selected[] {
  const chosen = new Map<string, { source: string; rank: number }>();
  for (const source of paths) {
    const slash = source.lastIndexOf('/') + 1;
    const variant = variantOf(source.slice(slash), audience, known);
    const target = source.slice(0, slash) + variant.rest;
    const rank = (variant.stage === undefined ? 0 : 2) + (variant.credential === undefined ? 0 : 1);
    if (rank >= (chosen.get(target)?.rank ?? 0)) chosen.set(target, { source, rank });
  }
  return [...chosen].map(([target, { source }]) => ({ source, target }));
}

/** The longest known prefix counts, so that credential `auth` never claims a file of credential `auth_2`. */
function variantOf(name: string, audience: Audience, known: KnownNames): Variant {
  const stages = audience.stage === undefined ? [] : [...known.stages, audience.stage];
  const credentials = [...known.credentials, audience.credential];
  const staged = [{ rest: name }, ...stages.flatMap((stage) => stripped({ rest: name }, { stage }, stage))];
  const both = staged.flatMap((variant) =>
    credentials.flatMap((credential) => stripped(variant, { credential }, credential)),
  );
  return [...staged, ...both].reduce((longest, variant) =>
    variant.rest.length < longest.rest.length ? variant : longest,
  );
}

function stripped(variant: Variant, found: Partial<Variant>, prefix: string): readonly Variant[] {
  const rest = variant.rest.slice(prefix.length + 1);
  return variant.rest.startsWith(`${prefix}_`) && rest !== '' ? [{ ...variant, ...found, rest }] : [];
}
