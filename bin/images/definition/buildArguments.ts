// NAME=VALUE, as build_args.txt and --build-arg tell them. Pure.
import type { BuildArguments } from './dockerfile';
import type { Faulty } from './faults';

export function parseBuildArgument(text: string): readonly [string, string] | undefined {
  const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/.exec(text) ?? [];
  return name === undefined ? undefined : [name, value];
}

export function parseBuildArguments(text: string): Faulty<BuildArguments> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const faults: string[] = [];
  const found: (readonly [string, string])[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const pair = parseBuildArgument(line);
    if (pair === undefined) faults.push(`line ${index + 1}: "${line}" is no NAME=VALUE`);
    else found.push(pair);
  }
  return { value: Object.fromEntries(found), faults };
}
