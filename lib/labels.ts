// The labels and annotations by which this project finds its objects again.

export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  /** What an object of our own stands for: `service` on an anchor, `seat` on a place that a start takes. */
  kind: 'hub-functions/kind',
  /** Name of the anchor that an object belongs to. */
  anchor: 'hub-functions/anchor',
  /** Uid of that anchor: tells one start of a name from the next. */
  anchorUid: 'hub-functions/anchor-uid',
  /** Hash of the credential. */
  credential: 'hub-functions/credential',
  /** Hash of the credential and the name that the user gave. */
  name: 'hub-functions/name',
  /**
   * Of an anchor: `active`, or `ended` for the record that remains. Of a captured Job and of its record: how it ended; of
   * a job set, too, and `active` before.
   */
  phase: 'hub-functions/phase',
  /** Of an anchor: hash of what the hub calls the server through all its starts. */
  server: 'hub-functions/server',
  /** Of a seat: hash of the limit that it counts for. */
  limit: 'hub-functions/limit',
  /** Of a Job, whatever its value but `false`: it is not reaped. */
  keep: 'hub-functions/keep',
  /** Of a job: the operator's profile that it was made with. */
  profile: 'hub-functions/profile',
  /** Of a job's Secret and files: its id and the uid of its Job, which tells it from another one of this id. */
  job: 'hub-functions/job',
  jobUid: 'hub-functions/job-uid',
  /** Of what belongs to a job set: its id, the name of the stage, and whether that is kept apart from everything. */
  jobSet: 'hub-functions/job-set',
  stage: 'hub-functions/stage',
  untrusted: 'hub-functions/untrusted',
  /** Of what concerns archives: hashes of the hub's user and of a claim; on a restored claim, whether all of it is there. */
  user: 'hub-functions/user',
  claim: 'hub-functions/claim',
  ready: 'hub-functions/ready',
  /** `true` on pods that had to wait until a claim was filled. */
  restores: 'hub-functions/restores',
  /** `main` on the object that is created last, and on its pods: where it exists, the start is complete. */
  role: 'hub-functions/role',
} as const;

export const ANNOTATIONS = {
  servername: 'hub-functions/servername',
  startId: 'hub-functions/start-id',
  /** `2026-11-20T15:56:38.842948Z`; orders the starts of one name. */
  startDate: 'hub-functions/start-date',
  /** ISO time at which a sweep ends the service; also on its seats, for those who wait. */
  runUntil: 'hub-functions/run-until',
  /** Of an anchor, for people: `starting`, `running`, `failed` or `stopped`, as it was seen last. */
  servicePhase: 'hub-functions/service-phase',
  /** Of a Job or a job set: hash of the request that made it. */
  digest: 'hub-functions/digest',
  /** Of a Job: how long it may wait for a node. */
  waitSeconds: 'hub-functions/wait-seconds',
  /** Of a Job or a job set: hash of the record that holds its logs and how it ended; from then on it may go. */
  captured: 'hub-functions/captured',
  /** Of a captured Job: ISO time at which it ended. */
  endedAt: 'hub-functions/ended-at',
  /** Of a captured Job: the generation that was captured; another one has been changed since. */
  capturedGeneration: 'hub-functions/captured-generation',
  /** Of a Job or a job set: why it was ended before its time. */
  earlyEnd: 'hub-functions/early-end',
  /** JSON: of an archive, of a user's repository, of a claim that is released, what is known of it. */
  archive: 'hub-functions/archive',
  /** JSON: what is being done with it now; absent when nothing is. */
  operation: 'hub-functions/operation',
  /** Of a mover and of a claim that it fills: the id of that operation. */
  operationId: 'hub-functions/operation-id',
  /** Of a claim in a description: what it is filled from when it is made. */
  restore: 'hub-functions/restore',
  /** Of a claim that is to be filled: the anchor of the service that waits for it. */
  awaitedBy: 'hub-functions/awaited-by',
  /** Of a pod: the claims that have to be filled before it may begin. */
  restores: 'hub-functions/restores',
} as const;

export const MANAGED_BY = 'hub-functions';

export type AnchorPhase = 'active' | 'ended';
