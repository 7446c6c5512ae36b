// Where each constant message is logged: `{message: [file, line, function]}`, for the bundles, which know no lines any more.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CALL = /\blog\.(?:trace|debug|info|warn|error|critical)\(\s*'((?:[^'\\\n]|\\.)+)'/g;
const NAME =
  /^( *)(?:export )?(?:const (\w+)[^=\n]* = (?:async )?(?:\(|function)|(?:async )?function\*? (\w+)|(?:readonly )?(\w+): (?:async )?\()/gm;

/** Of a function's bundle. */
export function callSites(functionName) {
  const files = ['lib', `functions/${functionName}`].flatMap((folder) => sourcesOf(folder));
  return Object.fromEntries(files.flatMap((file) => sitesIn(file, readFileSync(file, 'utf8'))));
}

function sourcesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function sitesIn(file, text) {
  return [...text.matchAll(CALL)].map(({ 1: message, index }) => {
    const before = text.slice(0, index);
    return [message, [file, before.split('\n').length, enclosing(before)]];
  });
}

/** The function that begins last before it and stands further to the left. */
function enclosing(before) {
  const indent = /^ */.exec(before.slice(before.lastIndexOf('\n') + 1))[0].length;
  const names = [...before.matchAll(NAME)].filter(([, spaces]) => spaces.length < Math.max(indent, 1));
  const [, , first, second, third] = names.at(-1) ?? [];
  return first ?? second ?? third ?? '<module>';
}
