// A claim of 2 GB in 20,000 files is backed up and restored by the mover, beside restic that is run by hand on the same folder.
import { join } from 'node:path';
import type { Bed } from '../instruments/bed';
import { interleave } from '../instruments/interleave';
import type { Finding, Measurement } from '../instruments/measurement';
import { compared } from '../instruments/statistics';
import {
  byHand,
  byMover,
  freshRepository,
  freshTarget,
  makeFiles,
  openPlace,
  snapshotOf,
  type Place,
} from './resticByHand';

const FILES = 20_000;
const AT_MOST = 1.1;
/** Two turns in a round, so that each side comes first once. */
const PACE = { rounds: 3, warmUp: 0, turns: 2, seconds: 900, pauseMs: 0 };

export const archive: Measurement = {
  name: 'archive',
  summary: 'backup and restore of 2 GB in 20,000 files by the mover, beside restic by hand',
  isLocal: true,
  needsRestic: true,
  measure: async (bed) => {
    const { ours, hand } = furnish(bed);
    return [await backups(ours, hand), await restores(ours, hand)];
  },
};

interface Sides {
  readonly ours: Place;
  readonly hand: Place;
}

function furnish({ folder, share }: Bed): Sides {
  const [ours, hand] = [openPlace(join(folder, 'archive-ours')), openPlace(join(folder, 'archive-hand'))];
  makeFiles(join(ours.root, 'source'), Math.round(FILES * share));
  return { ours, hand };
}

async function backups(ours: Place, hand: Place): Promise<Finding> {
  const source = join(ours.root, 'source');
  const samples = await interleave(
    {
      ours: async () => {
        freshRepository(ours);
        return byMover(ours, { verb: 'backup' });
      },
      hand: async () => {
        freshRepository(hand);
        return byHand(hand, ['backup', source]);
      },
    },
    PACE,
  );
  return {
    name: 'archive-backup',
    ...compared(samples.ours, samples.hand, 'ms'),
    limit: { of: 'ratio', atMost: AT_MOST },
    note: 'the first backup into a repository with two keys, until the result is told; floor: restic backup by hand',
  };
}

async function restores(ours: Place, hand: Place): Promise<Finding> {
  const snapshot = snapshotOf(ours);
  const target = join(hand.root, 'target');
  const samples = await interleave(
    {
      ours: async () => {
        freshTarget(ours);
        return byMover(ours, { verb: 'restore', snapshot });
      },
      hand: async () => {
        freshTarget(hand);
        return byHand(hand, ['restore', 'latest', '--verify', '--target', target]);
      },
    },
    PACE,
  );
  return {
    name: 'archive-restore',
    ...compared(samples.ours, samples.hand, 'ms'),
    limit: { of: 'ratio', atMost: AT_MOST },
    note: 'into an empty folder, read back and compared, until the result is told; floor: restic restore --verify by hand',
  };
}
