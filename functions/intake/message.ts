// What a message asks for, whatever notation it comes in. Nothing in it is believed yet. Pure.
import * as z from 'zod';
import { describePath } from '../../lib/config/load';
import { AppError } from '../../lib/errors';

const MAX_ID = 100;
/** What goes into names, folders and labels without being changed. */
const USER = /^[a-z0-9]([-a-z0-9]{0,54}[a-z0-9])?$/;
/** `<` and `>` mean placeholders in what it is filled into. */
const NEVER_IN_PATH = /[\0\n<>]/;
const ASSIGNMENT = /^[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?$/i;
const CLAIM = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const JOB = /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/;

/** Who can have claims, lists and labels of their own name. */
export function isUser(name: string): boolean {
  return USER.test(name);
}

const user = z.string().regex(USER, 'is not a DNS label of at most 56 characters');

export const submission = z.strictObject({
  assignment: z.string().regex(ASSIGNMENT, 'is not a name'),
  /** A file or folder, from the root of the user's claim. */
  path: z.string().min(1).max(1_000).refine(isInside, 'is not a path inside the claim'),
  /** What the sender thinks it is; of a folder, that of its list of files. */
  sha256: digest(64).optional(),
  sha1: digest(40).optional(),
});

const who = {
  /** Of the sender's choice: another message with it is the same one. */
  id: z.string().min(1).max(MAX_ID).optional(),
  user: user.optional(),
};

/** What `POST /jobs` takes is checked there. Whoever sends a message sees no answer: one that only looks is of no use to them. */
const request = z.record(z.string(), z.unknown()).refine(({ dryRun }) => dryRun !== true, {
  path: ['dryRun'],
  error: 'is not for messages: nobody would see the answer',
});

const asked = z.union([
  z.strictObject({ ...who, request }),
  z.strictObject({ ...who, submission }),
  z.strictObject({ ...who, archive: z.strictObject({ claim: z.string().regex(CLAIM, 'is not the name of a claim') }) }),
  z.strictObject({ ...who, cancel: z.string().regex(JOB, 'is not the id of a job') }),
]);
const signed = z.strictObject({ signed: z.string().max(1_000_000) });

export type Submission = z.infer<typeof submission>;
export type Asked = z.infer<typeof asked>;

/** Either what is asked for, or a text that says so under a signature. */
export type Message = Asked | z.infer<typeof signed>;

/** Of the system before this one: mode, user, assignment, SHA-1, path. */
const WORDS = /^(submit|psubmit) (\S+) (\S+) ([0-9a-fA-F]{40}) (\S.*)$/;
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const HEXADECIMAL = /^(?:[0-9a-fA-F]{2}){64,}$/;

/** Of a list in Redis. */
export function readText(text: string): Message {
  const line = text.trim();
  if (line.startsWith('{')) return readData(parsed(line));
  if (COMPACT.test(line)) return { signed: line };
  if (JOB.test(line)) return { cancel: line };
  if (HEXADECIMAL.test(line)) throw refused('unproven', 'Who encrypts with a public key does not say who they are.');
  const [, mode, name, assignment, sha1, path] = WORDS.exec(line) ?? [];
  if (mode === undefined) throw refused('unreadable', 'The message is in no notation that is known here.');
  if (mode === 'psubmit') throw refused('unproven', 'psubmit: send a signed message instead.');
  return readData({ user: name, submission: { assignment, sha1, path } });
}

/** Of an event. */
export function readData(data: unknown): Message {
  const proof = signed.safeParse(data);
  return proof.success ? proof.data : readAsked(data);
}

export function readAsked(data: unknown): Asked {
  const result = asked.safeParse(data);
  if (result.success) return result.data;
  throw refused('unreadable', faultsOf(result.error.issues).join('; '));
}

/** For good: 400 says to a broker that it need not come again. */
export function refused(code: string, message: string): AppError {
  return new AppError(code, 400, message);
}

/** Of the notation that was meant, not of all of them. */
function faultsOf(issues: z.core.$ZodError['issues']): readonly string[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [`${describePath(issue.path)}: ${issue.message}`];
    const least = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
    return faultsOf(least);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('unreadable', 'The message is not JSON.');
  }
}

function digest(length: number) {
  return z
    .string()
    .regex(new RegExp(`^[0-9a-fA-F]{${length}}$`), `is not ${length} hexadecimal digits`)
    .transform((text) => text.toLowerCase());
}

function isInside(path: string): boolean {
  const steps = path.split('/');
  return !NEVER_IN_PATH.test(path) && steps.every((step) => step !== '' && step !== '.' && step !== '..');
}
