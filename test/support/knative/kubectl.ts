// kubectl, as an operator would use it: in one namespace, with or without something to read.
import { execFile, execFileSync } from 'node:child_process';

export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** Nothing is measured by it: a machine that does something else beside may need minutes where a second is enough. */
export const READY_SECONDS = 180;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

export function kubectlIn(namespace: string): Kubectl {
  return async (args, input) =>
    new Promise((resolve, reject) => {
      const all = ['--namespace', namespace, ...args];
      const child = execFile('kubectl', all, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
        if (error) reject(new Error(`kubectl ${args.join(' ')}: ${stderr || error.message}\n${stdout}`));
        else resolve(stdout);
      });
      child.stdin?.end(input ?? '');
    });
}

/** All that the pods of a function have written, oldest first. */
export function logsOf(namespace: string, service: string): string {
  const pods = ['--selector', `serving.knative.dev/service=${service}`, '--container', 'function', '--tail', '-1'];
  return execFileSync('kubectl', ['--namespace', namespace, 'logs', ...pods], { encoding: 'utf8' });
}
