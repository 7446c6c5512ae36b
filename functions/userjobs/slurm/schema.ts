// The `job` of a request: a script to submit with its fields, or the number of a job to attach to. Pure.
import * as z from 'zod';
import { FIELD_NAMES, type FieldName } from './fields';
import { FIELD_VALUES } from './fieldValues';

const MAX_SCRIPT = 256 * 1024;
/** sbatch, or its plugins for burst buffers, would take options from such lines, past the configuration. */
const DIRECTIVE = /^[ \t]*#[ \t]*(SBATCH|PBS|BSUB|DW|BB|BB_LUA)\b/im;

const scriptText = z
  .string()
  .min(1)
  .max(MAX_SCRIPT)
  .refine((text) => text.trim() !== '', 'is empty')
  .refine((text) => !text.includes('\0'), 'holds null characters')
  .refine((text) => !DIRECTIVE.test(text), 'has lines like #SBATCH: give them as fields of job');

const id = z
  .union([z.int(), z.string().regex(/^\d{1,10}$/, 'is not the number of a job')])
  .transform(Number)
  .refine((number) => Number.isSafeInteger(number) && number > 0 && number < 2 ** 32, 'is not the number of a job');

export const jobWish = z
  .strictObject({
    /** Attach to this job. */
    id: id.optional(),
    /** Submit this; `#!` in its first line names what runs it, else a shell. */
    script: scriptText.optional(),
    /** Submit this, run by a shell on the node. */
    command: scriptText.optional(),
    ...FIELD_VALUES,
  })
  .refine(
    (job) => [job.id, job.script, job.command].filter((given) => given !== undefined).length === 1,
    'Give exactly one of script, command and id.',
  )
  .refine(
    (job) => job.id === undefined || FIELD_NAMES.every((name) => job[name] === undefined),
    'A job that runs already takes no other fields than id.',
  );

export type JobFields = Readonly<Partial<Record<FieldName, string | undefined>>>;

export type JobRequest =
  | { readonly attach: number }
  | {
      /** What sbatch reads from its input. */
      readonly script: string;
      readonly fields: JobFields;
    };

export function toJob({ id: attach, script, command, ...wished }: z.infer<typeof jobWish>): JobRequest {
  if (attach !== undefined) return { attach };
  const given = Object.entries(wished).filter(([, value]) => value !== undefined);
  return { script: withInterpreter(script ?? command ?? ''), fields: Object.fromEntries(given) };
}

function withInterpreter(script: string): string {
  const text = script.replaceAll('\r\n', '\n');
  return text.startsWith('#!') ? `${text}\n` : `#!/bin/sh\n${text}\n`;
}
