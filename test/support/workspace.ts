// The files that a function is deployed with: config.json, credentials, descriptions, homes; in a folder of their own.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { credentialFile, type TestCredential } from './credentialFiles';

export type Config = Readonly<Record<string, unknown>> & { readonly services?: object };

export interface Workspace {
  readonly root: string;
  readonly credentials: string;
  readonly descriptions: string;
  /** Writes a description's files and answers its folder. */
  readonly describe: (service: string, files: Readonly<Record<string, string>>, credential?: string) => string;
  readonly setCredential: (name: string, credential: TestCredential | undefined) => void;
  /** Writes a config.json and answers its path. */
  readonly config: (config: Config) => string;
  readonly write: (path: string, text: string) => string;
  readonly remove: () => void;
}

export function createWorkspace(root = mkdtempSync(join(tmpdir(), 'hub-functions-contract-'))): Workspace {
  const credentials = join(root, 'credentials');
  const descriptions = join(root, 'descriptions');
  mkdirSync(credentials);
  mkdirSync(descriptions);
  const write: Workspace['write'] = (path, text) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    return file;
  };
  return {
    root,
    credentials,
    descriptions,
    write,
    describe: (service, files, credential = 'hub-a') => {
      const folder = join('descriptions', credential, service);
      mkdirSync(join(root, folder), { recursive: true });
      for (const [name, text] of Object.entries(files)) write(join(folder, name), text);
      return join(root, folder);
    },
    setCredential: (name, credential) => {
      if (credential) write(join('credentials', name), credentialFile(name, credential));
      else rmSync(join(credentials, name));
    },
    config: (config) => write('config.json', JSON.stringify(config)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
