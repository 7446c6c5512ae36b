// Secret variables of a job: named by the user, their values taken from the environment. Pure.
import { usageError } from '../command';

type Environment = Readonly<Record<string, string | undefined>>;

/** A command line can be read by everybody on the machine. */
export function secretsFrom(names: readonly string[], environment: Environment): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const value = environment[name];
      if (value !== undefined) return [name, value];
      const hint = name.includes('=') ? 'give the NAME only, and set it in the environment' : 'it is not set here';
      throw usageError(`--secret-env ${name.split('=', 1)[0]}: ${hint}`);
    }),
  );
}
