// When a server has served: it is done, or nobody has been there for a while. Who is there and takes nothing is nobody.
import type { ServerResponse } from 'node:http';

export interface IdleEnd {
  readonly ended: Promise<void>;
  /** Somebody is there until the answer is called, with `done` when nobody else needs to come. */
  readonly enter: () => (outcome?: 'done') => void;
}

export function createIdleEnd(seconds: number): IdleEnd {
  let present = 0;
  let timer: NodeJS.Timeout;
  let end: () => void;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const wait = (): void => {
    timer = setTimeout(() => end(), seconds * 1000);
  };
  wait();
  return {
    ended: ended.finally(() => clearTimeout(timer)),
    enter: () => {
      present += 1;
      clearTimeout(timer);
      return (outcome) => {
        present -= 1;
        if (outcome === 'done') end();
        else if (present === 0) wait();
      };
    },
  };
}

/** Breaks an answer off of which no byte was taken for so long; that there was none to take is not its reader's fault. */
export function breakUnread(response: ServerResponse, seconds: number): void {
  const { socket } = response;
  response.setTimeout(seconds * 1000, () => {
    if (socket === null || socket.writableLength > 0) response.destroy();
    else socket.setTimeout(seconds * 1000);
  });
}
