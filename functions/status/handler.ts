// From an event to the service it hints at; everything that counts is read again from the cluster.
import type { OnEvent } from '../../lib/http/route';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { getAnchor } from '../../lib/services/anchors';
import { observePodsOf } from '../../lib/services/observe';
import { attend } from './attend';
import type { Context } from './context';
import { hintOfLabels, readHint, type Hint } from './hint';
import { sweep } from './sweep';

export function createHandler(context: Context): OnEvent {
  return async (event, { signal }) => {
    // The empty POST of OpenFaaS's cron-connector is no event.
    const hint: Hint = event === undefined ? { about: 'everything' } : readHint(event, context.settings);
    await follow(context, hint, { signal });
    return undefined;
  };
}

async function follow(context: Context, hint: Hint, call: Call): Promise<void> {
  switch (hint.about) {
    case 'everything':
      return void (await sweep(context, call));
    case 'service':
      return attendTo(context, hint.anchor, call);
    case 'object': {
      const { namespace } = context.settings;
      const object = await context.kube.get<KubeObject>({ ...hint.involved, namespace }, call);
      return follow(context, hintOfLabels(object?.metadata?.labels), call);
    }
    case 'nothing':
      return undefined;
    default:
      return hint satisfies never;
  }
}

/** Events outlive what they are about: what is gone or over needs nobody's attention. */
async function attendTo(context: Context, name: string, call: Call): Promise<void> {
  const [anchor, pods] = await Promise.all([getAnchor(context, name, call), observePodsOf(context, name, call)]);
  if (anchor === undefined || anchor.ending !== undefined) return;
  const own = pods.filter(({ anchorUid }) => anchorUid === anchor.uid).map(({ pod }) => pod);
  await attend(context, { anchor, pods: own }, call);
}
