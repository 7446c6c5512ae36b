// What is told about an object: the words of an Event.

export interface Occurrence {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `spec.containers{main}`: the part of the object that it is about. */
  readonly fieldPath?: string;
  /** As the scheduler tells, through events.k8s.io: with eventTime and series instead of timestamps and a count. */
  readonly action?: string;
}
