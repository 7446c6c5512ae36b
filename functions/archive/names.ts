// How archives and what belongs to them are named, labelled and found again. Pure.
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { hashedLabel, shortHash } from '../../lib/naming';

/** Of the ConfigMaps that are the anchors: of an archive, of a user's repository, of a claim that is being released. */
export const ARCHIVE_KIND = 'archive';
export const REPOSITORY_KIND = 'archive-repository';
export const RELEASE_KIND = 'archive-release';
/** Of the Jobs that move data, and of their pods. */
export const MOVER_KIND = 'archive-mover';

/** The ConfigMap that tells when claims were last in use. */
export const USAGE_NAME = 'archive-usage';

export function archiveName(id: string): string {
  return `${ARCHIVE_KIND}-${id}`;
}

export function repositoryName(user: string): string {
  return `${REPOSITORY_KIND}-${shortHash(user)}`;
}

export function releaseName(claim: string): string {
  return `${RELEASE_KIND}-${shortHash(claim)}`;
}

/** One for each repository: while a Job of this name exists, nobody else works on it. */
export function moverName(user: string): string {
  return moverNameOf(shortHash(user));
}

export function moverNameOf(userHash: string): string {
  return `${MOVER_KIND}-${userHash}`;
}

export function keyName(user: string, generation: number): string {
  return generation === 0 ? `archive-key-${shortHash(user)}` : `archive-key-${shortHash(user)}-${generation}`;
}

export function tokenName(operation: string): string {
  return `archive-download-${operation}`;
}

/** What a restored claim is called when nobody says. */
export function targetName(claim: string, operation: string): string {
  return hashedLabel(`${claim}-restored`, [claim, operation]);
}

export function scratchName(operation: string): string {
  return `archive-drill-${operation}`;
}

export function labelsOf(kind: string, more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: kind, ...more };
}

export function selectorOf(kind: string, more: Readonly<Record<string, string>> = {}): string {
  return Object.entries(labelsOf(kind, more))
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
}

export function ofUser(user: string): Readonly<Record<string, string>> {
  return { [LABELS.user]: shortHash(user) };
}

export function ofClaim(claim: string): Readonly<Record<string, string>> {
  return { [LABELS.claim]: shortHash(claim) };
}

/** All that this function keeps a record of. */
export const EVERY_ANCHOR = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind} in (${ARCHIVE_KIND},${REPOSITORY_KIND},${RELEASE_KIND})`;

const EVERY_SUBJECT = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind} in (${ARCHIVE_KIND},${REPOSITORY_KIND})`;

/** Anchors of both kinds that something is being done with. */
export const ACTIVE = `${EVERY_SUBJECT},${LABELS.phase}=active`;

export function subjectsOf(user: string): string {
  return `${EVERY_SUBJECT},${LABELS.user}=${shortHash(user)}`;
}
