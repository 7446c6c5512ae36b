// The commands of `hubfn jobs`.
import { cancel } from './cancel';
import { list } from './list';
import { logs } from './logs';
import { run } from './sets/run';
import { status } from './status';
import { submit } from './submit';
import { wait } from './wait';

export const jobsCommands = [submit, run, list, status, logs, cancel, wait] as const;
