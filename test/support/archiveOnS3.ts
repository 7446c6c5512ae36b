// Archives whose repository is a real S3 server, which pods of both clusters reach on this machine.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createArchives, type Archives } from './archives';
import { NODE_ADDRESS } from './hubStub';
import { startS3Server, type S3Server } from './mover/s3Server';

export interface ArchivesOnS3 extends Archives {
  readonly server: S3Server;
  /** Replaces the Secret that movers have; without values there is none. */
  readonly setSecret: (values?: Readonly<Record<string, string>>) => Promise<void>;
  /** Of all that is in the bucket. */
  readonly stored: () => { readonly objects: number; readonly bytes: number };
  readonly close: () => Promise<void>;
}

export const S3_SECRET = 'archive-s3';

export async function createArchivesOnS3(archive: object = {}): Promise<ArchivesOnS3> {
  const server = await startS3Server(globalThis.contractOn === 'embedded' ? '127.0.0.1' : NODE_ADDRESS);
  const repository = { s3: server.url, secret: S3_SECRET };
  const archives = await createArchives({ repository, ...archive }).catch(async (error: unknown) => {
    await server.remove();
    throw error;
  });
  const { kube } = archives.world.cluster;
  const setSecret: ArchivesOnS3['setSecret'] = async (values) => {
    if ((await kube.get('secrets', S3_SECRET)) !== undefined) await kube.remove('secrets', S3_SECRET);
    if (values !== undefined) await kube.create('secrets', { metadata: { name: S3_SECRET }, stringData: values });
  };
  await setSecret(server.environment);
  return {
    ...archives,
    server,
    setSecret,
    stored: () => {
      const files = readdirSync(server.folder, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      const sizes = files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
      return { objects: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
    },
    close: async () => {
      await archives.world.close();
      await server.remove();
    },
  };
}
