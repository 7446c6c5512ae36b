// context.txt: what an image is made of besides its folder, as paths of the repository. Pure.
import type { Faulty } from './faults';

export function parseContextFile(text: string): Faulty<readonly string[]> {
  const paths: string[] = [];
  const faults: string[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parts = line.split('/').filter((part) => part !== '' && part !== '.');
    const isInside = !line.startsWith('/') && parts.length > 0 && !parts.includes('..');
    if (isInside) paths.push(parts.join('/'));
    else faults.push(`line ${index + 1}: ${line} is no path in the folder that holds the applications`);
  }
  return { value: paths, faults };
}
