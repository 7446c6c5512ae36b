// Decides what is next for a claim that a description wants to be filled before its pods begin. Every step may be repeated. Pure.
//
// | seen                                                   | step                                                      |
// | ------------------------------------------------------ | --------------------------------------------------------- |
// | nobody can tell whose claim it is                      | fail                                                      |
// | an archive of it is being restored into it             | wait                                                      |
// | archives of this claim are of others only              | fail: whose it is, is told wrongly, or its name is        |
// | no archive of this claim                               | open: an empty volume is right                            |
// | the same, but somebody had begun to fill it            | fail: what is in there is no whole archive                |
// | one that is only being made                            | wait                                                      |
// | the newest one is busy                                 | wait                                                      |
// | the newest one was read whole                          | restore                                                   |
// | reading the newest one failed since the claim was made | fail                                                      |
// | the newest one was never read whole, or failed before  | verify                                                    |
//
// An older archive never takes the place of a newer one by itself: its user would miss what he did in between, and not be told.
import { ANNOTATIONS } from '../../../lib/labels';
import type { Archive } from '../archive';
import type { Claim } from '../claims';

export interface Wish {
  /** Not filled yet. */
  readonly claim: Claim;
  /** Whose it is, where that can be told. */
  readonly user: string | undefined;
  /** Of claims of this name, everybody's. */
  readonly archives: readonly Archive[];
}

export type FillStep =
  | { readonly do: 'wait'; readonly message: string }
  | { readonly do: 'restore' | 'verify'; readonly archive: Archive; readonly message: string }
  | { readonly do: 'open' }
  | { readonly do: 'fail'; readonly message: string };

export function nextFill({ claim, user, archives }: Wish): FillStep {
  const { name = '', uid } = claim.metadata ?? {};
  if (user === undefined) return fail(`Whose claim ${name} is cannot be told: annotate it in the service description.`);
  const [family, others] = familyOf(archives, { name, user });
  const under = family.find(({ operation }) => operation?.verb === 'restore' && operation.target?.wish === uid);
  if (under !== undefined) return { do: 'wait', message: filling(under) };
  const newest = newestOf(family);
  if (newest !== undefined) return fillFrom(newest, claim);
  if (newestOf(others) === undefined) return withoutAny(claim, family);
  return fail(
    `Archives of a claim ${name} are of another user. Annotate the claim with its user, or name it after its user alone.`,
  );
}

function familyOf(archives: readonly Archive[], { name, user }: { readonly name: string; readonly user: string }) {
  const same = archives.filter(({ record }) => record.claim === name);
  const isOwn = ({ record }: Archive): boolean => record.user === user;
  return [same.filter(isOwn), same.filter((archive) => !isOwn(archive))] as const;
}

function newestOf(family: readonly Archive[]): Archive | undefined {
  return family
    .filter(({ record }) => record.snapshot !== undefined)
    .toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)))
    .at(0);
}

function timeOf({ record }: Archive): string {
  return record.archivedAt ?? record.askedAt;
}

function withoutAny({ metadata }: Claim, family: readonly Archive[]): FillStep {
  if (family.some(({ operation }) => operation?.verb === 'backup')) {
    return { do: 'wait', message: 'An archive of this volume is being made.' };
  }
  const isBegun = metadata?.annotations?.[ANNOTATIONS.operationId] !== undefined;
  return isBegun
    ? fail('The archive that the volume was filled from was removed meanwhile. Start again.')
    : { do: 'open' };
}

function fillFrom(archive: Archive, claim: Claim): FillStep {
  const { operation, record } = archive;
  const { id, last } = record;
  if (operation !== undefined) return { do: 'wait', message: `Archive ${id} is busy: ${operation.verb}.` };
  if (record.verifiedAt !== undefined) return { do: 'restore', archive, message: filling(archive) };
  const isRead = last?.verb === 'verify' && isLater(last.endedAt, claim.metadata?.creationTimestamp);
  const isRefuted = isRead && last.outcome === 'failed';
  if (!isRefuted) return { do: 'verify', archive, message: `Archive ${id} is read whole, and then restored.` };
  return fail(
    `Archive ${id}, the newest of this volume, could not be read whole: ${last.reason ?? ''} ${last.message ?? ''} ` +
      'Put that right and start again, or remove this archive to have the one before.',
  );
}

function isLater(time: string, than: string | undefined): boolean {
  return Date.parse(time) > Date.parse(than ?? '');
}

function fail(message: string): FillStep {
  return { do: 'fail', message };
}

function filling(archive: Archive): string {
  const { id, bytes = 0, files = 0 } = archive.record;
  const day = timeOf(archive).slice(0, 10);
  return `The volume is filled from archive ${id} of ${day}: ${amountOf(bytes)} in ${files} files.`;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

function amountOf(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${UNITS[step]}`;
}
