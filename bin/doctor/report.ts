// What somebody reads who ran the checks. Pure.
import type { Finding } from './finding';

export function reportText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, outcome, message, fix }) => [
    `${outcome.padEnd(4)}  ${check.padEnd(width)}  ${message}`,
    ...(fix === undefined ? [] : [`      ${' '.repeat(width)}  -> ${fix}`]),
  ]);
  return `${[...lines, '', conclusion(findings)].join('\n')}\n`;
}

function conclusion(findings: readonly Finding[]): string {
  const failed = findings.filter(({ outcome }) => outcome === 'fail').length;
  const warned = findings.filter(({ outcome }) => outcome === 'warn').length;
  if (failed > 0) return `not ready: ${failed} to put right first${warned > 0 ? `, ${warned} to look at` : ''}`;
  return warned > 0 ? `ready, with ${warned} to look at` : 'ready';
}
