// Label selectors as a query carries them: `app=x,tier!=db,env in (a,b),!legacy`.
import type { KubeObject } from '../../../../lib/kube/objects';
import { badRequest } from '../status';
import { isLabelValue } from '../validation/names';

export type Labels = Readonly<Record<string, string>>;

type Requirement = (labels: Labels) => boolean;

const SET = /^([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALITY = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/;
const EXISTS = /^(!?)\s*([^\s!=,()]+)$/;

/** A function that says whether an object is selected; everything is by an empty selector. */
export function parseLabelSelector(selector: string): (object: KubeObject) => boolean {
  const requirements = splitTerms(selector).map(parseRequirement);
  return (object) => requirements.every((requirement) => requirement(object.metadata?.labels ?? {}));
}

/** At commas, but not at those between parentheses. */
function splitTerms(selector: string): string[] {
  const terms = selector.split(/,(?![^(]*\))/).map((term) => term.trim());
  return terms.length === 1 && terms[0] === '' ? [] : terms;
}

function parseRequirement(term: string): Requirement {
  return parseSet(term) ?? parseEquality(term) ?? parseExistence(term) ?? refuse(term);
}

function parseSet(term: string): Requirement | undefined {
  const [, key = '', operator, list = ''] = SET.exec(term) ?? [];
  if (operator === undefined) return undefined;
  const values = new Set(list.split(',').map((value) => value.trim()));
  checkValues(key, [...values]);
  if (operator === 'in') return (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? '');
  return (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? '');
}

function parseEquality(term: string): Requirement | undefined {
  const [, key = '', operator, value = ''] = EQUALITY.exec(term) ?? [];
  if (operator === undefined) return undefined;
  checkValues(key, [value]);
  return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
}

function parseExistence(term: string): Requirement | undefined {
  const [, negation, key = ''] = EXISTS.exec(term) ?? [];
  if (negation === undefined) return undefined;
  return negation === '!' ? (labels) => !Object.hasOwn(labels, key) : (labels) => Object.hasOwn(labels, key);
}

function checkValues(key: string, values: readonly string[]): void {
  for (const [index, value] of values.entries()) {
    const [why] = isLabelValue(value);
    const said = `values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${why}`;
    if (why !== undefined) throw badRequest(`unable to parse requirement: ${said}`);
  }
}

function refuse(term: string): never {
  throw badRequest(`unable to parse requirement: found '${term}', expected: in, notin, =, ==, !=, or a key`);
}
