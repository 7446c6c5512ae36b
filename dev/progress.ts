// Says what is being done and how long it took: a turning wheel on a terminal, plain lines anywhere else.

export interface ProgressOutput {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
}

export type Progress = <T>(title: string, work: () => Promise<T>) => Promise<T>;

const wheel = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const turnMs = 80;

export function createProgress({ write, isTerminal }: ProgressOutput): Progress {
  return async (title, work) => {
    const startedAt = performance.now();
    const endWheel = isTerminal ? turn(title, write) : () => undefined;
    const end = (mark: string): void => {
      endWheel();
      write(`${mark} ${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)\n`);
    };
    try {
      const result = await work();
      end('✓');
      return result;
    } catch (error) {
      end('✗');
      throw error;
    }
  };
}

function turn(title: string, write: (text: string) => void): () => void {
  let step = 0;
  const timer = setInterval(() => {
    write(`\r${wheel[step % wheel.length]} ${title}`);
    step += 1;
  }, turnMs);
  return () => {
    clearInterval(timer);
    write('\r\u001B[K');
  };
}
