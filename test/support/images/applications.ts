// A folder of image definitions, below a folder that stands for a repository.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Applications {
  /** Of the repository; the definitions are in `applications`. */
  readonly root: string;
  readonly applications: string;
  /** A definition of the files, and what every definition needs where the files do not tell it. */
  readonly define: (name: string, files?: Readonly<Record<string, string>>) => string;
  readonly write: (path: string, text: string, mode?: number) => string;
  readonly link: (path: string, target: string) => void;
  readonly remove: () => void;
}

export function makeApplications(): Applications {
  const root = mkdtempSync(join(tmpdir(), 'hub-functions-applications-'));
  const at = (path: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  const write: Applications['write'] = (path, text, mode = 0o644) => {
    writeFileSync(at(path), text);
    chmodSync(join(root, path), mode);
    return join(root, path);
  };
  return {
    root,
    applications: join(root, 'applications'),
    define: (name, files = {}) => {
      const all = { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n', 'image_name.txt': `team/${name}\n`, ...files };
      for (const [path, text] of Object.entries(all)) write(`applications/${name}/${path}`, text);
      return join(root, 'applications', name);
    },
    write,
    link: (path, target) => symlinkSync(target, at(path)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
