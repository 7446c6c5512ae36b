// How a registry wants to be told who asks: its WWW-Authenticate header. Pure.

export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service?: string; readonly scope?: string };

/** Undefined for what no registry says. https://distribution.github.io/distribution/spec/auth/token/ */
export function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z]+)\s*(.*)$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' };
  const { realm, service, scope } = parametersIn(rest);
  if (scheme.toLowerCase() !== 'bearer' || realm === undefined || !URL.canParse(realm)) return undefined;
  return { scheme: 'bearer', realm, ...(service !== undefined && { service }), ...(scope !== undefined && { scope }) };
}

function parametersIn(text: string): Readonly<Record<string, string | undefined>> {
  const pairs = [...text.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/g)];
  return Object.fromEntries(pairs.map(([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare]));
}
