// JSON Patch (RFC 6902): a list of operations on paths.
import { isDeepStrictEqual } from 'node:util';
import { fields, isFields, items, text } from '../json';
import { badRequest, statusError } from '../status';

type Tokens = readonly string[];
type Edit = (parent: unknown[] | Map<string, unknown>, key: string) => void;

export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  return items(patch).map(fields).reduce(applyOperation, target);
}

function applyOperation(document: unknown, operation: Readonly<Record<string, unknown>>): unknown {
  const path = tokensOf(operation.path);
  const from = tokensOf(operation.from);
  switch (operation.op) {
    case 'test':
      if (!isDeepStrictEqual(read(document, path), operation.value)) throw refused();
      return document;
    case 'add':
      return put(document, path, operation.value);
    case 'remove':
      return remove(document, path);
    case 'replace':
      read(document, path);
      return put(remove(document, path), path, operation.value);
    case 'copy':
      return put(document, path, read(document, from));
    case 'move':
      return put(remove(document, from), path, read(document, from));
    default:
      throw refused();
  }
}

function tokensOf(pointer: unknown): Tokens {
  const [, ...tokens] = text(pointer).split('/');
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: unknown, [head, ...rest]: Tokens): unknown {
  if (head === undefined) return document;
  if (Array.isArray(document)) return read(document[indexIn(document, head)], rest);
  if (!isFields(document) || !Object.hasOwn(document, head)) throw refused();
  return read(document[head], rest);
}

function put(document: unknown, path: Tokens, value: unknown): unknown {
  if (path.length === 0) return value;
  return edit(document, path, (parent, key) => {
    if (!Array.isArray(parent)) parent.set(key, value);
    else parent.splice(key === '-' ? parent.length : indexIn([...parent, undefined], key), 0, value);
  });
}

function remove(document: unknown, path: Tokens): unknown {
  if (path.length === 0) return null;
  return edit(document, path, (parent, key) => {
    if (Array.isArray(parent)) parent.splice(indexIn(parent, key), 1);
    else if (!parent.delete(key)) throw refused();
  });
}

/** A copy of the document in which the parent of the path's last token was edited. */
function edit(document: unknown, [head = '', ...rest]: Tokens, change: Edit): unknown {
  if (Array.isArray(document)) {
    const list: unknown[] = [...document];
    const index = rest.length === 0 ? -1 : indexIn(list, head);
    if (index === -1) change(list, head);
    else list[index] = edit(list[index], rest, change);
    return list;
  }
  if (!isFields(document)) throw refused();
  const map = new Map(Object.entries(document));
  if (rest.length === 0) change(map, head);
  else map.set(head, edit(read(document, [head]), rest, change));
  return Object.fromEntries(map);
}

function indexIn(list: readonly unknown[], token: string): number {
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) >= list.length) throw refused();
  return Number(token);
}

function refused(): Error {
  return statusError('Invalid', 'the server rejected our request due to an error in our request', 422);
}
