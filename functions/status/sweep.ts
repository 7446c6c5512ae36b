// One sweep over all services that are not over: it finds what events missed, and what only time decides.
import { AppError } from '../../lib/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { isReadable, toAnchor, type Anchor } from '../../lib/services/anchor';
import type { Subject } from '../../lib/services/judgeService';
import { activeSelector } from '../../lib/services/names';
import { anchoredPod } from '../../lib/services/observe';
import type { Pod } from '../../lib/status/observed';
import { tryEach } from '../../lib/tryEach';
import { attend } from './attend';
import type { Context } from './context';
import { foundBetween, type Found } from './found';
import { readSubject } from './subject';

const PAGE = 500;
const SERVICES_AT_ONCE = 8;

export interface Report extends Found {
  readonly seen: number;
  readonly failed: number;
}

export async function sweep(context: Context, call: Call): Promise<Report> {
  const [anchors, pods] = await Promise.all([listAnchors(context, call), listPods(context, call)]);
  const found = { missed: 0, overdue: 0 };
  const failures = await tryEach(anchors, SERVICES_AT_ONCE, async (anchor) => {
    const refresh = async (): Promise<Subject | undefined> => readSubject(context, anchor.name, call);
    const after = await attend(context, { anchor, pods: pods.get(anchor.uid) ?? [], refresh }, call);
    const { missed, overdue } = foundBetween(anchor.progress, after?.progress);
    found.missed += missed;
    found.overdue += overdue;
  });
  for (const { item, error } of failures) {
    context.log.error('a service could not be looked at', { anchor: item.name, error });
  }
  return finish(context, { seen: anchors.length, failed: failures.length, ...found });
}

function finish({ log, counters }: Context, report: Report): Report {
  counters.add('sweep_found_missed', report.missed);
  counters.add('sweep_found_overdue', report.overdue);
  log.info('sweep finished', { ...report });
  if (report.failed === 0) return report;
  throw new AppError('sweep_incomplete', 503, `${report.failed} services could not be looked at.`, {
    retryAfterSeconds: 60,
  });
}

async function listAnchors({ kube, settings }: Context, call: Call): Promise<readonly Anchor[]> {
  const { namespace } = settings;
  const selection = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: activeSelector(), limit: PAGE };
  const anchors: Anchor[] = [];
  for await (const page of kube.pages<KubeObject>(selection, call))
    anchors.push(...page.map(toAnchor).filter(isReadable));
  return anchors;
}

/** By uid of the anchor. */
async function listPods({ kube, settings }: Context, call: Call): Promise<ReadonlyMap<string, readonly Pod[]>> {
  const { namespace } = settings;
  const labelSelector = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.role}=main`;
  const pods = new Map<string, Pod[]>();
  for await (const page of kube.pages<KubeObject>(
    { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector, limit: PAGE },
    call,
  )) {
    for (const { anchorUid, pod } of page.map(anchoredPod)) {
      const same = pods.get(anchorUid);
      if (same) same.push(pod);
      else pods.set(anchorUid, [pod]);
    }
  }
  return pods;
}
