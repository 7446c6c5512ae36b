// Whose log it is: a job's, or that of all stages of a set, one after the other.
import { hasEnded } from '../../../lib/jobs/attempts';
import { isEndedEarly, isTerminal, jobState } from '../../../lib/jobs/jobState';
import { readJobPods } from '../../../lib/jobs/readJobPods';
import type { JobSet } from '../../../lib/jobSets/jobSet';
import { setState } from '../../../lib/jobSets/setState';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Pod } from '../../../lib/status/observed';
import type { Context } from '../context';
import { seekJob, type Sought } from '../find';
import { isSet } from '../record';
import { seekSet } from '../sets/find';
import { lookAtSet, type Looked } from '../sets/look';
import { piecesOf } from './live';
import type { Piece, Wish } from './wish';

/** What is there of it at one moment. */
export interface Sight {
  readonly pieces: readonly Piece[];
  /** Pods that write no more. */
  readonly ended: ReadonlySet<string>;
  /** No piece follows on these. */
  readonly isComplete: boolean;
  /** The last attempt that there is has ended, or is the last one by what was decided. */
  readonly isLastOver: boolean;
}

export interface Source {
  /** Nothing more is written, or somebody has seen to it. */
  readonly isEnding: boolean;
  /** Undefined when it is gone. */
  readonly look: (call: Call) => Promise<Sight | undefined>;
}

export function sourceOf(context: Context, sought: Sought, found: KubeObject | JobSet): Source {
  if (isSet(found)) return setSource(context, sought, found);
  return {
    isEnding: isTerminal(found) || isEndedEarly(found),
    look: async (call) => {
      const job = await seekJob(context, sought, call);
      return job && sightOfJob(job, await readJobPods(context.kube, job, call));
    },
  };
}

function setSource(context: Context, sought: Sought, found: JobSet): Source {
  return {
    isEnding: found.end !== undefined,
    look: async (call) => {
      const set = await seekSet(context, sought, call);
      return set && sightOfSet(await lookAtSet(context, set, call));
    },
  };
}

function sightOfJob(job: KubeObject, pods: readonly Pod[]): Sight {
  const last = pods.at(-1);
  const { isOver } = jobState(job, pods);
  return {
    pieces: piecesOf(pods),
    ended: endedOf(pods),
    isComplete: isOver,
    isLastOver: isOver || (last !== undefined && hasEnded(last)),
  };
}

function sightOfSet({ set, jobs }: Looked): Sight {
  const stages = set.stages.map(({ name: stage }) => ({ stage, pods: jobs.get(stage)?.pods ?? [] }));
  const { isOver } = setState({ set, jobs });
  return {
    pieces: stages.flatMap(({ stage, pods }) => piecesOf(pods).map((piece) => ({ ...piece, stage }))),
    ended: endedOf(stages.flatMap(({ pods }) => pods)),
    isComplete: isOver,
    isLastOver: isOver,
  };
}

function endedOf(pods: readonly Pod[]): ReadonlySet<string> {
  return new Set(pods.filter(hasEnded).map(({ metadata }) => metadata?.name ?? ''));
}

/** Nothing more comes of what is asked for. */
export function isLast({ isComplete, isLastOver }: Sight, { attempt }: Wish): boolean {
  return isComplete || (attempt !== 'all' && isLastOver);
}
