// A file of tasks: read, checked with all faults listed, and put in an order in which each task follows what it depends on. Pure.
import { parse, YAMLParseError } from 'yaml';
import * as z from 'zod';
import { describePath } from '../../../lib/config/load';
import { usageError } from '../../command';

const texts = z.array(z.string().min(1)).default([]);

const taskSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    /** One of both: words to run or a line of shell; lines of shell. */
    command: z.union([z.string().min(1), z.array(z.string()).min(1)]).optional(),
    payload: z.array(z.string()).min(1).optional(),
    depends: texts,
    /** Files as this machine sees them. */
    inputs: texts,
    outputs: texts,
    image: z.string().optional(),
    registrySecret: z.string().optional(),
    volumeClaim: z.string().optional(),
    mountPath: z.string().optional(),
    memory: z.int().positive().optional(),
    ncores: z.number().positive().optional(),
    time: z.number().optional(),
    retries: z.int().min(0).optional(),
    profile: z.string().optional(),
    shell: z.string().optional(),
    env: z.record(z.string(), z.coerce.string()).optional(),
    secretEnv: texts,
  })
  .refine(({ command, payload }) => (command === undefined) !== (payload === undefined), 'give command or payload');

const fileSchema = z.strictObject({ tasks: z.array(taskSchema).min(1) });

export type FileTask = z.infer<typeof taskSchema>;

export interface Task extends FileTask {
  /** Its place in the file, from 1 on. */
  readonly counter: number;
}

export function parseTasks(text: string, source: string): readonly Task[] {
  const { tasks } = checked(text, source);
  const numbered = tasks.map((task, index) => ({ ...task, counter: index + 1 }));
  const faults = [...repeatedNames(numbered), ...unknownNames(numbered)];
  if (faults.length > 0) throw unusable(source, faults);
  return inOrder(numbered, source);
}

function checked(text: string, source: string): z.infer<typeof fileSchema> {
  const parsed = fileSchema.safeParse(readYaml(text, source));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${describePath(path)}: ${message}`);
  throw unusable(source, faults);
}

function readYaml(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw unusable(source, [error.message.split('\n', 1)[0] ?? '']);
    throw error;
  }
}

function repeatedNames(tasks: readonly Task[]): readonly string[] {
  const names = tasks.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))].map(
    (name) => `there are several tasks ${name}`,
  );
}

function unknownNames(tasks: readonly Task[]): readonly string[] {
  const known = new Set(tasks.map(({ name }) => name));
  return tasks.flatMap(({ name, depends }) =>
    depends.filter((other) => !known.has(other)).map((other) => `task ${name} depends on ${other}, which is not there`),
  );
}

/** Tasks that can be first stay in the order of the file. */
function inOrder(tasks: readonly Task[], source: string): readonly Task[] {
  const ordered: Task[] = [];
  const placed = new Set<string>();
  let left = tasks;
  while (left.length > 0) {
    const free = left.filter(({ depends }) => depends.every((name) => placed.has(name)));
    if (free.length === 0) throw unusable(source, [`tasks wait for each other: ${cycleIn(left).join(' -> ')}`]);
    ordered.push(...free);
    for (const { name } of free) placed.add(name);
    left = left.filter(({ name }) => !placed.has(name));
  }
  return ordered;
}

/** Each of these depends on another one of them: going on from one to the next comes round. */
function cycleIn(tasks: readonly Task[]): readonly string[] {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const path: string[] = [];
  let name = tasks[0]?.name;
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = byName.get(name)?.depends.find((other) => byName.has(other));
  }
  return name === undefined ? path : [...path.slice(path.indexOf(name)), name];
}

function unusable(source: string, faults: readonly string[]): Error {
  return usageError(`${source} is not usable: ${faults.join('; ')}`);
}
