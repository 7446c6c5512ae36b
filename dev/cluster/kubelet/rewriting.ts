// Pods see this machine's files and ports: mount paths and container ports in their words become the pod's own.

export interface Mount {
  readonly mountPath: string;
  /** Where that path really is on this machine. */
  readonly folder: string;
}

/** containerPort → the port on this machine that stands for it. */
export type Ports = Readonly<Record<number, number>>;

/** What may stand before a path or a port, and after it, in words and in shell scripts. */
const BEFORE = String.raw`(?<=^|[\s=:,;'"()<>|&@` + '`' + String.raw`])`;
const AFTER = String.raw`(?=$|[\s=:,;'"()<>|&/` + '`' + String.raw`])`;

export type Rewrite = (word: string) => string;

export function createRewrite(mounts: readonly Mount[], ports: Ports): Rewrite {
  const paths = rewritePaths(mounts);
  const numbers = rewritePorts(ports);
  // A port may be a part of a folder's name: paths come last.
  return (word) => paths(numbers(word));
}

/** The longest mountPath wins: `/data/in` before `/data`. */
export function rewritePaths(mounts: readonly Mount[]): Rewrite {
  const folders = new Map(mounts.map(({ mountPath, folder }) => [mountPath.replace(/(?<=.)\/+$/, ''), folder]));
  if (folders.size === 0) return (word) => word;
  const longestFirst = [...folders.keys()].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(`${BEFORE}(${longestFirst.map(escaped).join('|')})${AFTER}`, 'g');
  return (word) => word.replaceAll(pattern, (path) => folders.get(path) ?? path);
}

/** A number counts as a port where it stands alone, a small one (`sleep 80`) only as a word or behind `=` and `:`: `8080`, `--port=8080`, `http://0.0.0.0:8080/path`. */
export function rewritePorts(ports: Ports): Rewrite {
  const declared = Object.keys(ports);
  if (declared.length === 0) return (word) => word;
  const alternatives = declared.map((port) => (Number(port) < 1024 ? `(?<=^|[=:])${port}` : `${BEFORE}${port}`));
  const pattern = new RegExp(`(?:${alternatives.join('|')})${AFTER}`, 'g');
  return (word) => word.replaceAll(pattern, (port) => String(ports[Number(port)] ?? port));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
