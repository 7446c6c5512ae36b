// The commands of `hubfn images`.
import { build } from './build';
import { list } from './list';
import { push } from './push';

export const imagesCommands = [build, push, list] as const;
