// How long to wait before the next try: none after a connection that held was lost, then twice as long each time. Pure.
import type { FailureReason } from '../ssh/failure';

const FIRST_MS = 250;
const LONGEST_MS = 5_000;
/** Time alone mends nothing there, and hosts shut out who knocks too often. */
const PATIENT_MS = 30_000;
const PATIENT: ReadonlySet<FailureReason> = new Set(['HostKeyRefused', 'KeyMissing', 'LoginRefused', 'NoSsh']);

/** A host that lets in and ends the connection at once, as a full or closing one does, must not be asked without a pause. */
const HELD_MS = 5_000;

/** How many tries in a row have failed, this one included; 0 when it was open for long enough. */
export function failuresAfter(failures: number, openForMs: number): number {
  return openForMs >= HELD_MS ? 0 : failures + 1;
}

export function pauseMs(reason: FailureReason, failures: number): number {
  if (failures === 0) return 0;
  return Math.min(FIRST_MS * 2 ** (failures - 1), PATIENT.has(reason) ? PATIENT_MS : LONGEST_MS);
}
