// Pods that wait until their volumes are filled from an archive.
import type { Case } from '../fixtures';
import { event, normal, seen, unschedulable } from '../fixtures';

const gatedPod = unschedulable('Scheduling is blocked due to non-empty scheduling gates', 2, 'SchedulingGated');

export const restoreCases: readonly Case[] = [
  {
    it: 'a pod whose volume is filled from an archive waits, and says so',
    seen: seen(
      [gatedPod],
      [normal(['Restoring', 'The volume is filled from archive a1 of 2026-11-01: 1.2 MB in 3 files.'], 3)],
    ),
    at: 300,
    says: 'starting Restoring',
    more: { step: 'scheduling', message: 'The volume is filled from archive a1 of 2026-11-01: 1.2 MB in 3 files.' },
  },
  {
    it: 'it is given up like any other start when that takes too long',
    seen: seen([gatedPod], [normal(['Restoring', 'The volume is filled from archive a1.'], 3)]),
    at: 601,
    says: 'failed Restoring',
    more: { retryable: true, message: 'Not ready after 600 seconds. The volume is filled from archive a1.' },
  },
  {
    it: 'one that could not be filled ends the start at once',
    seen: seen(
      [gatedPod],
      [
        normal(['Restoring', 'It is filled.'], 3),
        event(['RestoreFailed', 'The volume could not be filled: WrongKey.'], 4),
      ],
    ),
    at: 5,
    says: 'failed RestoreFailed',
    more: { retryable: true, message: 'The volume could not be filled: WrongKey.' },
  },
];
