// Folders of a test: written from and read into plain objects.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Path to content; `-> target` is a link, a path that ends in a slash an empty folder. */
export type Tree = Readonly<Record<string, string>>;

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'homes-'));
}

export function plant(root: string, tree: Tree): string {
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(tree)) {
    const full = join(root, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), full);
    else if (!path.endsWith('/')) writeFileSync(full, content);
  }
  return root;
}

export function harvest(root: string, prefix = ''): Tree {
  const entries = readdirSync(join(root, prefix))
    .sort()
    .flatMap((name) => {
      const path = join(prefix, name);
      const entry = lstatSync(join(root, path));
      if (entry.isSymbolicLink()) return [[path, `-> ${readlinkSync(join(root, path))}`]];
      if (entry.isFile()) return [[path, readFileSync(join(root, path), 'utf8')]];
      const inner = Object.entries(harvest(root, path));
      return inner.length > 0 ? inner : [[`${path}/`, '']];
    });
  return Object.fromEntries(entries);
}
