// The commands of `hubfn archive`.
import { download } from './download';
import { list } from './list';
import { backup, restore, verify } from './operations';
import { release, undo } from './release';

export const archiveCommands = [backup, list, verify, restore, download, release, undo] as const;
