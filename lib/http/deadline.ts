// The time one request may take: past it the signal aborts, and a moment later the front answers in the handler's place.
import { AppError } from '../errors';

/** What a handler gets to answer by itself once its signal aborted. */
const GRACE_MS = 1_000;

export async function withinDeadline<T>(
  seconds: number,
  controller: AbortController,
  work: () => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const reason = deadlineExceeded();
      timer = setTimeout(reject, GRACE_MS, reason);
      controller.abort(reason);
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function deadlineExceeded(): AppError {
  const detail = 'The request was not answered in time.';
  return new AppError('deadline_exceeded', 504, detail, { body: { detail } });
}
