// How the objects of services are named, labelled and found again.
import { LABELS, MANAGED_BY } from '../labels';
import { dnsLabel, hashedLabel, shortHash } from '../naming';

/** What a service is known by: nobody else's request can produce the same three. */
export interface Identity {
  readonly credential: string;
  readonly servername: string;
  readonly startId: string;
}

/** A credential's services, or the one of a name. */
export interface Sought {
  readonly credential: string;
  readonly servername?: string;
}

interface Serving extends Required<Sought> {
  readonly server?: string;
}

/** Value of the label by which anchors are told from everything else. */
export const ANCHOR_KIND = 'service';

/** Leaves room for a 16-character prefix in a 63-character name. */
const MAX_ID_LENGTH = 45;

/** `<id>` of the descriptions: `<servername>-<start_id>` where that can be part of a name. */
export function serviceId({ servername, startId }: Pick<Identity, 'servername' | 'startId'>): string {
  return dnsLabel(`${servername}-${startId}`, MAX_ID_LENGTH);
}

/** The same for every start of a name: where two meet, the API server tells the second one. */
export function anchorName({ credential, servername }: Required<Sought>): string {
  return hashedLabel(`service-${servername}`, [credential, servername]);
}

/** Every service that is not over. */
export function activeSelector(): string {
  return toSelector({ [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: ANCHOR_KIND, [LABELS.phase]: 'active' });
}

export function anchorSelector(sought: Sought): string {
  return toSelector({ [LABELS.kind]: ANCHOR_KIND, ...soughtLabels(sought) });
}

/** Selects the anchors of everybody. */
export const EVERY_ANCHOR = `${LABELS.kind}=${ANCHOR_KIND}`;

/** Selects the pods of everybody's main Deployments. */
export const EVERY_POD = `${LABELS.role}=main`;

/** Selects the pods of main Deployments, whichever start they belong to. */
export function podSelector(sought: Sought): string {
  return toSelector({ [LABELS.role]: 'main', ...soughtLabels(sought) });
}

/** Selects the other starts of a server; undefined when its name alone says which start replaces which. */
export function earlierStartsSelector({ credential, server, servername }: Serving): string | undefined {
  if (server === undefined) return undefined;
  const others = `${LABELS.anchor}!=${anchorName({ credential, servername })}`;
  return `${anchorSelector({ credential })},${toSelector(serverLabels({ credential, server }))},${others}`;
}

/** The same for a pod's own label of its anchor. */
export function podSelectorOf(anchor: string): string {
  return toSelector({ [LABELS.role]: 'main', [LABELS.anchor]: anchor });
}

/** Labels of every object that belongs to the start of an anchor. */
export function ownedLabels({
  start,
  uid,
}: {
  readonly start: Identity;
  readonly uid: string;
}): Readonly<Record<string, string>> {
  return { ...commonLabels(start), [LABELS.anchorUid]: uid };
}

/** What every object of a service and its anchor carry. */
export function commonLabels(identity: Identity): Readonly<Record<string, string>> {
  return {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.anchor]: anchorName(identity),
    ...nameLabels(identity.credential, identity.servername),
  };
}

/** The value of the label that all objects of what is sought carry, and nothing else. */
export function soughtHash({ credential, servername }: Sought): string {
  return servername === undefined ? shortHash(credential) : shortHash(credential, servername);
}

function soughtLabels({ credential, servername }: Sought): Readonly<Record<string, string>> {
  return servername === undefined ? credentialLabels(credential) : nameLabels(credential, servername);
}

function credentialLabels(credential: string): Readonly<Record<string, string>> {
  return { [LABELS.credential]: shortHash(credential) };
}

export function serverLabels({
  credential,
  server,
}: Pick<Serving, 'credential' | 'server'>): Readonly<Record<string, string>> {
  return server === undefined ? {} : { [LABELS.server]: shortHash(credential, server) };
}

function nameLabels(credential: string, servername: string): Readonly<Record<string, string>> {
  return { ...credentialLabels(credential), [LABELS.name]: shortHash(credential, servername) };
}

function toSelector(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
}
