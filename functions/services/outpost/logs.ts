// The last lines of a server's log, for `collect_logs`; what cannot be read is left out.
import type { Call } from '../../../lib/kube/kube';
import type { Anchor } from '../../../lib/services/anchor';
import { observePods } from '../../../lib/services/observe';
import type { Context } from '../context';

const LINES = 1000;
const LIMIT_BYTES = 256 * 1024;

export async function readLogs(context: Context, { start, uid }: Anchor, call: Call): Promise<readonly string[]> {
  const { namespace, file } = context.settings;
  const pods = (await observePods(context, start, call)).filter(({ anchorUid }) => anchorUid === uid);
  const query = { container: file.services.container_main_name, tailLines: LINES, limitBytes: LIMIT_BYTES };
  const texts = await Promise.all(
    pods.map(async ({ pod }) => {
      const name = pod.metadata?.name ?? '';
      try {
        return (await context.kube.log({ namespace, name }, query, call)) ?? '';
      } catch (error) {
        context.log.warn('a log could not be read', { pod: name, error });
        return '';
      }
    }),
  );
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
}
