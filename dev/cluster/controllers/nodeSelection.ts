// Whether a node's labels satisfy a pod's nodeSelector and required node affinity.
import type { V1NodeSelectorTerm } from '@kubernetes/client-node';
import type { Node, Pod, Values, Wire } from './wire';

type Term = Wire<V1NodeSelectorTerm>;
type Expression = NonNullable<Term['matchExpressions']>[number];

export function selectsNode({ spec }: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(spec.nodeSelector ?? {});
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    (terms === undefined || terms.some((term) => matchesTerm(term, node)))
  );
}

/** A term that asks for nothing matches nothing. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: Term, { metadata }: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const fields = { 'metadata.name': metadata.name };
  return (
    matchExpressions.every((expression) => matchesExpression(expression, metadata.labels ?? {})) &&
    matchFields.every((expression) => matchesExpression(expression, fields))
  );
}

function matchesExpression({ key, operator, values = [] }: Expression, labels: Values): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}
