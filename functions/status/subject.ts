// One active service as it is now, read directly.
import type { Call } from '../../lib/kube/kube';
import { isReadable } from '../../lib/services/anchor';
import { getAnchor } from '../../lib/services/anchors';
import type { Subject } from '../../lib/services/judgeService';
import { observePodsOf } from '../../lib/services/observe';
import type { Context } from './context';

/** By the name of its anchor; undefined when it is gone, over, or nobody can read what it says. */
export async function readSubject(context: Context, name: string, call: Call): Promise<Subject | undefined> {
  const [anchor, pods] = await Promise.all([getAnchor(context, name, call), observePodsOf(context, name, call)]);
  if (anchor === undefined || !isReadable(anchor) || anchor.ending !== undefined) return undefined;
  return { anchor, pods: pods.filter(({ anchorUid }) => anchorUid === anchor.uid).map(({ pod }) => pod) };
}
