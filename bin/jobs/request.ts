// The body of POST /jobs for a payload and what its submitter wishes. Pure.
import { APP, jobName, labelValue } from './names';

/** Of a command line or of a task; what nobody says has the values of the original. */
export interface Wishes {
  readonly image?: string | undefined;
  /** Where neither an image nor a profile is named: a profile has an image of its own. */
  readonly usualImage?: string | undefined;
  readonly registrySecret?: string | undefined;
  readonly volumeClaim?: string | undefined;
  readonly mountPath?: string | undefined;
  /** MB. */
  readonly memory?: number | undefined;
  readonly ncores?: number | undefined;
  /** Minutes; none or less: a day. */
  readonly time?: number | undefined;
  readonly retries?: number | undefined;
  readonly profile?: string | undefined;
  readonly shell?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly secretEnv?: Readonly<Record<string, string>> | undefined;
}

export interface Work {
  readonly identifier: string;
  /** Lines for a login shell. */
  readonly payload: string;
  readonly wishes: Wishes;
  /** More than `app` and `identifier`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where nobody says what to run in. */
  readonly defaultImage: string | undefined;
}

export type Body = Readonly<Record<string, unknown>> & { readonly name: string };

const DEFAULTS = { memory: 4000, ncores: 1, retries: 3, volumeClaim: 'ntuples-claim', mountPath: '/ntuples' };
const DAY_SECONDS = 86_400;

export function jobBody({ identifier, payload, wishes, labels, defaultImage }: Work, counter: number): Body {
  const { registrySecret, profile, retries, env = {}, secretEnv = {} } = wishes;
  const image = imageOf(wishes);
  return {
    name: jobName(identifier, counter),
    args: [shellFor(wishes, defaultImage), '-cl', payload],
    ...(image !== undefined && { image }),
    ...(profile !== undefined && { profile }),
    ...(registrySecret !== undefined && { registrySecret }),
    ...(retries !== undefined || profile === undefined ? { retries: retries ?? DEFAULTS.retries } : {}),
    ...timeOf(wishes),
    resources: resourcesOf(wishes),
    claims: claimsOf(wishes),
    env,
    secretEnv,
    labels: { ...labels, app: APP, identifier: labelValue(identifier) },
  };
}

function imageOf({ image, usualImage, profile }: Wishes): string | undefined {
  return image ?? (profile === undefined ? usualImage : undefined);
}

/** The image of last resort has no bash. */
function shellFor(wishes: Wishes, defaultImage: string | undefined): string {
  const { shell, profile } = wishes;
  if (shell !== undefined) return shell;
  const runsIn = imageOf(wishes) ?? (profile === undefined ? defaultImage : undefined);
  return runsIn !== undefined && runsIn === defaultImage ? 'sh' : 'bash';
}

/** A profile has limits and defaults of its own, which only a word of the user's overrides. */
function timeOf({ time, profile }: Wishes): object {
  if (time === undefined && profile !== undefined) return {};
  return { deadlineSeconds: time !== undefined && time > 0 ? Math.ceil(time * 60) : DAY_SECONDS };
}

function resourcesOf({ memory, ncores, profile }: Wishes): object {
  const { memory: megabytes, ncores: cores } = profile === undefined ? DEFAULTS : {};
  const [chosenMemory, chosenCores] = [memory ?? megabytes, ncores ?? cores];
  return {
    ...(chosenMemory !== undefined && { memory: `${chosenMemory}M` }),
    ...(chosenCores !== undefined && { cpu: String(chosenCores) }),
  };
}

/** A claim is mounted when one of the two is named; the other is as in the original. */
function claimsOf({ volumeClaim, mountPath }: Wishes): readonly object[] {
  if (volumeClaim === undefined && mountPath === undefined) return [];
  return [{ name: volumeClaim ?? DEFAULTS.volumeClaim, mountPath: mountPath ?? DEFAULTS.mountPath, readOnly: false }];
}

/** As the shell reads them back: a single word is a line of the shell already. */
export function payloadOf(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
